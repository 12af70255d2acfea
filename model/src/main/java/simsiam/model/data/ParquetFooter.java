package simsiam.model.data;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The key/value pairs of a Parquet file's footer, read with checks that name the file. */
record ParquetFooter(Path file, Map<String, String> values) {
  String get(String key) {
    String value = values.get(key);
    if (value == null) {
      throw problem("footer key " + key, "none");
    }
    return value;
  }

  int getInt(String key) {
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
  void requireVersion(String key, int version, String stage) {
    int found = getInt(key);
    if (found != version) {
      throw new IllegalStateException(
          "Cannot read %s: expected %s %s, got %s (%s); make it again with --force=%s"
              .formatted(file.getFileName(), key, version, found, file, stage));
    }
  }

  ImageEncoding encoding() {
    String name = get(ShardFooter.IMAGE_ENCODING);
    try {
      return ImageEncoding.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw problem("raw, jpeg, png or original for footer key image.encoding", name);
    }
  }

  private IllegalStateException problem(String expected, String got) {
    return new IllegalStateException(
        "Cannot read %s: expected %s, got %s (%s)"
            .formatted(file.getFileName(), expected, got, file));
  }
}
