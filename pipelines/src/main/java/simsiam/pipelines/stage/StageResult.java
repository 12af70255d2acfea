package simsiam.pipelines.stage;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;

/**
 * The short form of a {@link StageReport} that {@code _SUCCESS.json} keeps, so that a listing need
 * not read more.
 *
 * @param headline a few words for the stage's line on the console: {@code "top-1 67.5 %"}
 * @param summary values of the measures by key: numbers, booleans or strings
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

  public static StageResult of(StageReport report) {
    SortedMap<String, Object> summary = new TreeMap<>();
    report.measures().forEach(measure -> summary.put(measure.key(), measure.value()));
    return new StageResult(report.headline(), summary);
  }

  /** A report with what is known here: measures without labels and notes. */
  StageReport report() {
    StageReport report = StageReport.of(StageReport.Group.DATA, headline);
    for (var entry : summary.entrySet()) {
      String key = entry.getKey();
      if (entry.getValue() instanceof Boolean is) {
        report = report.measures(Measure.trouble(key, key, is));
      } else if (entry.getValue() instanceof Number number) {
        report = report.measures(Measure.number(key, key, number.doubleValue()));
      }
    }
    return report;
  }
}
