package simsiam.pipelines.bench.measure;

import java.util.Locale;

/**
 * One figure of a benchmark.
 *
 * @param title for people, with its unit
 * @param shown the value for people
 * @param name for machines, in snake_case and with its unit
 * @param value for machines
 */
public record Figure(String title, String shown, String name, Object value) {
  public static Figure words(String title, String name, String words) {
    return new Figure(title, words, name, words);
  }

  public static Figure count(String title, String name, long count) {
    return new Figure(title, String.format(Locale.ROOT, "%,d", count), name, count);
  }

  /** A measured value, shown with three digits or more. */
  public static Figure measured(String title, String name, double value) {
    String form = value >= 99.95 ? "%,.0f" : value >= 9.995 ? "%.1f" : "%.2f";
    return new Figure(title, String.format(Locale.ROOT, form, value), name, value);
  }
}
