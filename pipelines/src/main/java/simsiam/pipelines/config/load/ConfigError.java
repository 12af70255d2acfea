package simsiam.pipelines.config.load;

import java.util.regex.Pattern;
import simsiam.pipelines.redact.Redaction;

/**
 * One mistake in a configuration.
 *
 * @param message says what cannot be done, what was expected and what was found
 * @param rule whether the value is one that its key takes and only breaks a rule of the
 *     configuration: a range, or what goes together
 */
public record ConfigError(String message, Origin origin, boolean rule) {
  private static final int SHOWN = 300;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  public ConfigError(String message, Origin origin) {
    this(message, origin, false);
  }

  /** A value that is not what its key takes. */
  public static ConfigError value(String key, String expected, String got, Origin origin) {
    return new ConfigError(
        "Cannot set " + key + ": expected " + expected + ", got " + shown(got), origin);
  }

  /** That a rule of the configuration is what it breaks. */
  ConfigError ofRule() {
    return new ConfigError(message, origin, true);
  }

  /** What a user wrote, fit for a line of a message: shortened, without control characters. */
  static String shown(String value) {
    if (value.isEmpty()) {
      return "nothing";
    }
    // Secrets are hidden before the end is cut off, or half of one could be left.
    String line = CONTROL.matcher(Redaction.text(value)).replaceAll("?");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }

  @Override
  public String toString() {
    return Redaction.text(message) + " (" + origin + ")";
  }
}
