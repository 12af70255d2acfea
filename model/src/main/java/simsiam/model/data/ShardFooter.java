package simsiam.model.data;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import simsiam.model.data.table.ParquetFooter;
import simsiam.model.file.CanonicalJson;

/**
 * What a shard says of itself, in its footer's key/value pairs.
 *
 * @param split {@code train} or {@code test}
 * @param classNames by label; empty where there are no labels
 * @param index of this shard in its split, from 0
 * @param count shards of the split
 * @param salt seed of the hash that ordered the examples
 * @param fingerprint of the stage that wrote the shard
 * @param multiLabel whether images may show several classes, which further columns tell
 */
public record ShardFooter(
    ImageEncoding encoding,
    String split,
    List<String> classNames,
    int index,
    int count,
    String salt,
    String fingerprint,
    boolean multiLabel) {
  public static final String SCHEMA_VERSION = "schema.version";
  public static final String IMAGE_ENCODING = "image.encoding";

  /** Only in files of images that may show several classes. */
  private static final String LABELS_PER_IMAGE = "labels.per.image";

  public ShardFooter {
    classNames = List.copyOf(classNames);
  }

  /** Of images that have one class each. */
  public ShardFooter(
      ImageEncoding encoding,
      String split,
      List<String> classNames,
      int index,
      int count,
      String salt,
      String fingerprint) {
    this(encoding, split, classNames, index, count, salt, fingerprint, false);
  }

  Map<String, String> asMap() {
    Map<String, String> map = new TreeMap<>();
    map.put(SCHEMA_VERSION, String.valueOf(ShardColumns.VERSION));
    map.put(IMAGE_ENCODING, encodingName(encoding));
    map.put("split", split);
    map.put("class.names", CanonicalJson.compact(classNames));
    map.put("shard.index", String.valueOf(index));
    map.put("shard.count", String.valueOf(count));
    map.put("order.salt", salt);
    map.put("fingerprint", fingerprint);
    if (multiLabel) {
      map.put(LABELS_PER_IMAGE, "any");
    }
    map.put(HuggingFaceFeatures.KEY, HuggingFaceFeatures.json(classNames, multiLabel));
    return map;
  }

  static ShardFooter of(ParquetFooter footer) {
    footer.requireVersion(SCHEMA_VERSION, ShardColumns.VERSION, "shard");
    return new ShardFooter(
        encoding(footer),
        footer.get("split"),
        CanonicalJson.strings(footer.get("class.names")),
        footer.getInt("shard.index"),
        footer.getInt("shard.count"),
        footer.get("order.salt"),
        footer.get("fingerprint"),
        footer.values().containsKey(LABELS_PER_IMAGE));
  }

  /** The encoding that the footer of prepared examples or of a shard tells. */
  static ImageEncoding encoding(ParquetFooter footer) {
    String name = footer.get(IMAGE_ENCODING);
    try {
      return ImageEncoding.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw footer.problem("raw, jpeg, png or original for footer key image.encoding", name);
    }
  }

  public static String encodingName(ImageEncoding encoding) {
    return encoding.name().toLowerCase(Locale.ROOT);
  }
}
