package simsiam.pipelines.config;

import java.util.regex.Pattern;

/**
 * One mistake in a configuration.
 *
 * @param message says what cannot be done, what was expected and what was found
 */
public record ConfigError(String message, Origin origin) {
  private static final int SHOWN = 300;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** A value that is not what its key takes. */
  static ConfigError value(String key, String expected, String got, Origin origin) {
    return new ConfigError(
        "Cannot set " + key + ": expected " + expected + ", got " + shown(got), origin);
  }

  /** What a user wrote, fit for a line of a message: shortened, without control characters. */
  static String shown(String value) {
    if (value.isEmpty()) {
      return "nothing";
    }
    String line = CONTROL.matcher(value).replaceAll("?");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }

  @Override
  public String toString() {
    return message + " (" + origin + ")";
  }
}
