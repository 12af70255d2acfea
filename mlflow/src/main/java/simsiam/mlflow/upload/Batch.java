package simsiam.mlflow.upload;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.Line;

/**
 * Consecutive metrics, parameters and tags for one {@code log-batch}: within the server's limits of
 * 1,000 metrics, 100 parameters, 100 tags, 1,000 in all and 1 MB, with no parameter or tag twice,
 * and at most 100 different metrics (more failed on servers before 2026 when a batch was repeated).
 */
final class Batch {
  private static final int MAX_METRICS = 800;
  private static final int MAX_KEYS = 100;
  private static final int MAX_BYTES = 256 << 10;
  private static final int MAX_PARAM = 6000;
  private static final int MAX_TAG = 5000;

  private final List<Atom> atoms = new ArrayList<>();
  private final Set<String> metricKeys = new HashSet<>();
  private final Set<String> params = new HashSet<>();
  private final Set<String> tags = new HashSet<>();
  private int metrics;
  private int bytes;

  /**
   * Takes a line if it is of the right kind and fits; a first line always fits.
   *
   * @param size its length in bytes
   */
  boolean offer(Line line, int size) {
    if (!isBatchable(line.entry()) || !fits(line.entry(), size)) {
      return false;
    }
    bytes += size;
    if (line.entry() instanceof Entry.Metrics values) {
      values.values().forEach((key, value) -> add(line, values.step(), key, value));
    } else if (line.entry() instanceof Entry.Params values) {
      values.values().forEach((key, value) -> addParam(line, key, value));
    } else if (line.entry() instanceof Entry.Tags values) {
      values.values().forEach((key, value) -> addTag(line, key, value));
    }
    return true;
  }

  List<Atom> atoms() {
    return atoms;
  }

  static boolean isBatchable(Entry entry) {
    return entry instanceof Entry.Metrics
        || entry instanceof Entry.Params
        || entry instanceof Entry.Tags;
  }

  private boolean fits(Entry entry, int size) {
    if (atoms.isEmpty()) {
      return true;
    }
    boolean room = bytes + size <= MAX_BYTES;
    if (entry instanceof Entry.Metrics values) {
      return room
          && metrics + values.values().size() <= MAX_METRICS
          && with(metricKeys, values.values()) <= MAX_KEYS;
    } else if (entry instanceof Entry.Params values) {
      return room && fresh(params, values.values());
    } else if (entry instanceof Entry.Tags values) {
      return room && fresh(tags, values.values());
    }
    return false;
  }

  private static int with(Set<String> keys, Map<String, ?> values) {
    return keys.size() + (int) values.keySet().stream().filter(key -> !keys.contains(key)).count();
  }

  private static boolean fresh(Set<String> keys, Map<String, String> values) {
    return keys.size() + values.size() <= MAX_KEYS
        && values.keySet().stream().noneMatch(keys::contains);
  }

  private void add(Line line, long step, String key, double value) {
    metricKeys.add(key);
    metrics++;
    atoms.add(new Atom.MetricAtom(line, step, key, value));
  }

  private void addParam(Line line, String key, String value) {
    params.add(key);
    atoms.add(new Atom.ParamAtom(line, key, cut(value, MAX_PARAM)));
  }

  private void addTag(Line line, String key, String value) {
    tags.add(key);
    atoms.add(new Atom.TagAtom(line, key, cut(value, MAX_TAG)));
  }

  private static String cut(String value, int max) {
    return value.length() <= max ? value : value.substring(0, max - 3) + "...";
  }
}
