package simsiam.model.data;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the columns of a shard mean, as {@code datasets} of Hugging Face writes it into footers:
 * {@code Features.from_dict} takes it. Encoded images are {@code Image}; raw pixels are bytes,
 * since {@code Image} has no form for pixels whose size is in other columns.
 */
final class HuggingFaceFeatures {
  static final String KEY = "huggingface";

  private HuggingFaceFeatures() {}

  static String json(ImageEncoding encoding, List<String> classNames) {
    Map<String, Object> features = new TreeMap<>();
    features.put("id", value("string"));
    features.put("label", classNames.isEmpty() ? value("int32") : classLabel(classNames));
    features.put("height", value("int32"));
    features.put("width", value("int32"));
    features.put(
        "image", encoding == ImageEncoding.RAW ? value("binary") : Map.of("_type", "Image"));
    return CanonicalJson.compact(Map.of("info", Map.of("features", features)));
  }

  private static Map<String, Object> value(String type) {
    return Map.of("_type", "Value", "dtype", type);
  }

  private static Map<String, Object> classLabel(List<String> names) {
    return Map.of("_type", "ClassLabel", "names", names);
  }
}
