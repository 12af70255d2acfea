package simsiam.pipelines.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measurements that take turns, so that what else the machine does meets all of them alike. */
final class Rounds {
  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  void add(String name, double value) {
    values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
  }

  double median(String name) {
    List<Double> sorted = values.get(name).stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** Names in the order in which they first came. */
  List<String> names() {
    return List.copyOf(values.keySet());
  }

  /** The median over the rounds of how many times as fast as another one is. */
  double ratio(String name, String other) {
    return ratio(name, other, 0.5);
  }

  /** The ratio that a share of the rounds stays below. */
  double ratio(String name, String other, double share) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < values.get(name).size(); i++) {
      ratios.add(values.get(name).get(i) / values.get(other).get(i));
    }
    return ratios.stream().sorted().toList().get((int) (share * ratios.size()));
  }
}
