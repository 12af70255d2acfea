package simsiam.model.config;

/**
 * One broken rule of a configuration record.
 *
 * @param key the key inside its section, in snake_case ({@code batch_size}); empty for the section
 *     itself
 * @param value the offending value as the user wrote it
 * @param expected what is allowed, in words that complete "expected ..."
 */
public record Violation(String key, String value, String expected) {
  @Override
  public String toString() {
    return "Invalid " + key + ": expected " + expected + ", got " + value;
  }
}
