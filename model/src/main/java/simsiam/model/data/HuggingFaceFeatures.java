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

  static String json(List<String> classNames) {
    Map<String, Object> features = new TreeMap<>();
    features.put("id", value("string"));
    features.put("label", classNames.isEmpty() ? value("int64") : classLabel(classNames));
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
