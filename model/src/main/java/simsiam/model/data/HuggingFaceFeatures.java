package simsiam.model.data;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import simsiam.model.file.CanonicalJson;

/**
 * What the columns of a shard mean, as {@code datasets} of Hugging Face writes it into footers and
 * takes it from there, if the columns have the types that it would write itself.
 */
final class HuggingFaceFeatures {
  static final String KEY = "huggingface";

  private HuggingFaceFeatures() {}

  /**
   * The description.
   *
   * @param multiLabel whether there are the columns of {@link LabelSet}s
   */
  static String json(List<String> classNames, boolean multiLabel) {
    Map<String, Object> features = new TreeMap<>();
    features.put("id", value("string"));
    boolean single = !multiLabel && !classNames.isEmpty();
    features.put("label", single ? classLabel(classNames) : value("int64"));
    if (multiLabel) {
      Map<String, Object> labels = Map.of("_type", "Sequence", "feature", classLabel(classNames));
      features.put(ShardColumns.LABELS, labels);
      features.put(ShardColumns.IGNORED_LABELS, labels);
    }
    features.put("height", value("int32"));
    features.put("width", value("int32"));
    features.put("image", Map.of("_type", "Image"));
    return CanonicalJson.compact(Map.of("info", Map.of("features", features)));
  }

  private static Map<String, Object> value(String type) {
    return Map.of("_type", "Value", "dtype", type);
  }

  private static Map<String, Object> classLabel(List<String> names) {
    return Map.of("_type", "ClassLabel", "names", names);
  }
}
