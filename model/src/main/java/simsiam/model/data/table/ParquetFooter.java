package simsiam.model.data.table;

import java.nio.file.Path;
import java.util.Map;

/** The key/value pairs of a Parquet file's footer, read with checks that name the file. */
public record ParquetFooter(Path file, Map<String, String> values) {
  public String get(String key) {
    String value = values.get(key);
    if (value == null) {
      throw problem("footer key " + key, "none");
    }
    return value;
  }

  public int getInt(String key) {
    String value = get(key);
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw problem("a whole number for footer key " + key, value);
    }
  }

  /**
   * Refuses a file of another version.
   *
   * @param stage that makes such files
   */
  public void requireVersion(String key, int version, String stage) {
    int found = getInt(key);
    if (found != version) {
      throw new IllegalStateException(
          "Cannot read %s: expected %s %s, got %s (%s); make it again with --force=%s"
              .formatted(file.getFileName(), key, version, found, file, stage));
    }
  }

  /** The error of a file whose footer says something else. */
  public IllegalStateException problem(String expected, String got) {
    return new IllegalStateException(
        "Cannot read %s: expected %s, got %s (%s)"
            .formatted(file.getFileName(), expected, got, file));
  }
}
