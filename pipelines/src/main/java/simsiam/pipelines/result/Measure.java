package simsiam.pipelines.result;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * One figure that a stage gives.
 *
 * @param key for machines, unique among the stages of a run, snake_case: {@code knn_top1}
 * @param value a {@link Long}, a {@link Double} or a {@link Boolean}, as the unit says
 * @param label for people: {@code kNN top-1}
 * @param note what it was measured with; may be empty
 * @param headline whether a run is judged by it: such measures are shown where room is scarce
 * @param baseline whether it is of the untrained encoder, not of the trained one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Measure(
    String key,
    Object value,
    Unit unit,
    String label,
    String note,
    Better better,
    boolean headline,
    boolean baseline) {

  /** Which values are the good ones. */
  public enum Better {
    HIGHER,
    LOWER,
    /** Neither, as of a number of images. */
    NEITHER
  }

  public Measure {
    value = value instanceof Integer whole ? Long.valueOf(whole) : value;
    value = unit != Unit.COUNT && value instanceof Long whole ? Double.valueOf(whole) : value;
    boolean fits =
        switch (unit) {
          case YES_NO -> value instanceof Boolean;
          case COUNT -> value instanceof Long;
          case PERCENT, POINTS, IMAGES_PER_SECOND, NUMBER -> value instanceof Double;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "Cannot report %s: expected a value of unit %s, got %s".formatted(key, unit, value));
    }
  }

  private Measure(String key, Object value, Unit unit, String label) {
    this(key, value, unit, label, "", Better.NEITHER, false, false);
  }

  /** A share in percent, which is the better the higher it is. */
  public static Measure accuracy(String key, String label, double percent) {
    return new Measure(key, percent, Unit.PERCENT, label).better(Better.HIGHER);
  }

  /** A difference of accuracies. */
  public static Measure gain(String key, String label, double points) {
    return new Measure(key, points, Unit.POINTS, label).better(Better.HIGHER);
  }

  public static Measure number(String key, String label, double value) {
    return new Measure(key, value, Unit.NUMBER, label);
  }

  public static Measure count(String key, String label, long count) {
    return new Measure(key, count, Unit.COUNT, label);
  }

  public static Measure speed(String key, String label, double imagesPerSecond) {
    return new Measure(key, imagesPerSecond, Unit.IMAGES_PER_SECOND, label).better(Better.HIGHER);
  }

  /** Something that should not be so. */
  public static Measure trouble(String key, String label, boolean is) {
    return new Measure(key, is, Unit.YES_NO, label).better(Better.LOWER);
  }

  public Measure note(String with) {
    return new Measure(key, value, unit, label, with, better, headline, baseline);
  }

  public Measure better(Better which) {
    return new Measure(key, value, unit, label, note, which, headline, baseline);
  }

  /** The same as one that a run is judged by. */
  public Measure asHeadline() {
    return new Measure(key, value, unit, label, note, better, true, baseline);
  }

  /** The same as one of the untrained encoder. */
  public Measure asBaseline() {
    return new Measure(key, value, unit, label, note, better, headline, true);
  }

  /** For people: rounded, with its unit. */
  public String text() {
    return unit.text(value);
  }

  /** Whether it says that something is as it should not be. */
  public boolean warns() {
    return Boolean.TRUE.equals(value) && better == Better.LOWER;
  }
}
