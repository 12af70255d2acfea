package simsiam.pipelines.config;

import simsiam.pipelines.redact.Redaction;

/**
 * One mistake in a configuration.
 *
 * @param message says what cannot be done, what was expected and what was found
 */
public record ConfigError(String message, Origin origin) {
  /** A value that is not what its key takes. */
  static ConfigError value(String key, String expected, String got, Origin origin) {
    return new ConfigError(
        "Cannot set " + key + ": expected " + expected + ", got " + shown(got), origin);
  }

  static String shown(String value) {
    return value.isEmpty() ? "nothing" : value;
  }

  @Override
  public String toString() {
    return Redaction.text(message) + " (" + origin + ")";
  }
}
