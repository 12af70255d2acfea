package simsiam.pipelines.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measurements that take turns, so that what else the machine does meets all of them alike. */
public final class Rounds {
  /** Of the probability that lies outside of an interval, half. */
  private static final double TAIL = 0.025;

  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  public void add(String name, double value) {
    values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
  }

  public double median(String name) {
    return median(values.get(name).stream().sorted().toList());
  }

  /** Names in the order in which they first came. */
  public List<String> names() {
    return List.copyOf(values.keySet());
  }

  /** The median over the rounds of how many times as much as another one is. */
  public double ratio(String name, String other) {
    return ratios(name, other).median();
  }

  /**
   * How many times as much as another, round by round.
   *
   * @param median over the rounds
   * @param low where the median of all rounds there could be lies with a probability of 95 %: from
   * @param high to; with too few rounds for that, the least and the most
   */
  public record Ratio(double median, double low, double high) {}

  /** The median over the rounds of how many times as much as another one is. */
  public Ratio ratios(String name, String other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < values.get(name).size(); i++) {
      ratios.add(values.get(name).get(i) / values.get(other).get(i));
    }
    List<Double> sorted = ratios.stream().sorted().toList();
    int cut = cut(sorted.size());
    return new Ratio(median(sorted), sorted.get(cut), sorted.get(sorted.size() - 1 - cut));
  }

  /** Whether there are rounds enough for an interval of 95 %. */
  public static boolean isEnough(int rounds) {
    return Math.pow(0.5, rounds) <= TAIL;
  }

  /**
   * How many of the least and of the most to leave out: each value is above the true median or
   * below it like a coin that is tossed.
   */
  private static int cut(int rounds) {
    double exactly = Math.pow(0.5, rounds);
    double atMost = exactly;
    int cut = 0;
    while (true) {
      exactly *= (double) (rounds - cut) / (cut + 1);
      atMost += exactly;
      if (atMost > TAIL) {
        return cut;
      }
      cut++;
    }
  }

  private static double median(List<Double> sorted) {
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
