package simsiam.pipelines.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that a stage's output depends on; its canonical JSON is what the fingerprint is taken
 * of.
 *
 * @param config values under their dotted keys
 * @param upstream fingerprint of each upstream stage
 * @param source digest of the raw input; empty for a stage that reads none
 */
public record StageInputs(
    String stage,
    int version,
    SortedMap<String, Object> config,
    SortedMap<String, String> upstream,
    String source) {

  public String fingerprint() {
    return Fingerprint.of(this);
  }

  /** What was changed since {@code earlier}, in words: {@code "train.base_lr 0.03 -> 0.05"}. */
  public List<String> changesSince(StageInputs earlier) {
    List<String> changes = new ArrayList<>();
    if (version != earlier.version) {
      changes.add("code of the stage, version " + earlier.version + " -> " + version);
    }
    if (!source.equals(earlier.source)) {
      changes.add("dataset content changed");
    }
    for (String key : bothKeys(earlier.config, config)) {
      String before = text(earlier.config.get(key));
      String after = text(config.get(key));
      if (!before.equals(after)) {
        changes.add(key + " " + before + " -> " + after);
      }
    }
    for (String name : bothKeys(earlier.upstream, upstream)) {
      if (!Objects.equals(earlier.upstream.get(name), upstream.get(name))) {
        changes.add(name + " changed");
      }
    }
    return changes;
  }

  private static TreeSet<String> bothKeys(Map<String, ?> a, Map<String, ?> b) {
    TreeSet<String> keys = new TreeSet<>(new TreeMap<>(a).keySet());
    keys.addAll(b.keySet());
    return keys;
  }

  private static String text(Object value) {
    if (value == null) {
      return "(none)";
    }
    return value instanceof String text ? (text.isEmpty() ? "\"\"" : text) : Json.canonical(value);
  }
}
