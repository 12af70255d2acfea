package simsiam.pipelines.config;

import simsiam.pipelines.redact.Redaction;

/**
 * One mistake in a configuration.
 *
 * @param message says what cannot be done, what was expected and what was found
 * @param rule whether the value is one that its key takes and only breaks a rule of the
 *     configuration: a range, or what goes together
 */
public record ConfigError(String message, Origin origin, boolean rule) {
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

  static String shown(String value) {
    return value.isEmpty() ? "nothing" : value;
  }

  @Override
  public String toString() {
    return Redaction.text(message) + " (" + origin + ")";
  }
}
