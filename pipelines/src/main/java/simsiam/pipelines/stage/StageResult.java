package simsiam.pipelines.stage;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a finished stage tells about itself; kept in {@code _SUCCESS.json}, so a cached stage says
 * the same again.
 *
 * @param headline a few words for the stage's line on the console: {@code "top-1 67.5 %"}
 * @param summary values that go into {@code summary.json} under their own names ({@code knn_top1},
 *     {@code collapsed}): numbers, booleans or strings
 */
public record StageResult(String headline, SortedMap<String, Object> summary) {
  public StageResult {
    for (Object value : summary.values()) {
      if (!(value instanceof Number || value instanceof Boolean || value instanceof String)) {
        throw new IllegalArgumentException(
            "Cannot report a result: expected numbers, booleans or strings, got " + summary);
      }
    }
    summary = Collections.unmodifiableSortedMap(new TreeMap<>(summary));
  }

  public static StageResult of(String headline) {
    return new StageResult(headline, new TreeMap<>());
  }

  /** A copy with one more value for {@code summary.json}. */
  public StageResult with(String name, Object value) {
    SortedMap<String, Object> values = new TreeMap<>(summary);
    values.put(name, value);
    return new StageResult(headline, values);
  }
}
