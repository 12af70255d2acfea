package simsiam.pipelines.result;

import java.util.Locale;

/** How the value of a measure is written for people. */
public enum Unit {
  /** Of 100. */
  PERCENT("%.2f %%"),
  /** A difference of percentages. */
  POINTS("%+.2f points"),
  /** A whole number of things. */
  COUNT("%,d"),
  IMAGES_PER_SECOND("%.1f images/s"),
  /** A number without a unit, with four significant digits. */
  NUMBER("%.4g"),
  YES_NO("");

  private final String format;

  Unit(String format) {
    this.format = format;
  }

  /** The value, rounded and with its unit. */
  String text(Object value) {
    if (value instanceof Boolean yes) {
      return yes ? "yes" : "no";
    }
    return String.format(Locale.ROOT, format, value);
  }
}
