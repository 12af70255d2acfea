package simsiam.pipelines.sweep.grid;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import simsiam.pipelines.config.load.LoadedConfig;

/**
 * One point of a sweep: an effective configuration.
 *
 * @param id short hash of what differs from the base: it depends neither on the axes of the sweep
 *     nor on how the values were written
 * @param labels its place on each axis; more than one where different places have the same
 *     configuration
 * @param overrides what differs from the base, as far as it can change a result, by dotted key
 */
public record Point(
    String id,
    List<Map<String, String>> labels,
    SortedMap<String, Object> overrides,
    LoadedConfig config) {
  public Point {
    labels = List.copyOf(labels);
  }

  /** In words: {@code predictor=none seed=1}. */
  public String text() {
    return labels.get(0).isEmpty() ? "base" : text(labels.get(0));
  }

  /** A place on the axes in words. */
  public static String text(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  /** A place that the base cannot have. */
  public record LeftOut(Map<String, String> labels, String reason) {
    /** In words. */
    public String text() {
      return Point.text(labels);
    }
  }
}
