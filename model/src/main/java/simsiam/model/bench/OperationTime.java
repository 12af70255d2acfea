package simsiam.model.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import simsiam.model.engine.OperationTimes;

/**
 * The mean time of one kind of operation in a training step.
 *
 * @param operation such as {@code convolution} or {@code weight_gradient}
 * @param share of the time of all kinds, 0 to 1
 */
public record OperationTime(String operation, double millis, double share) {

  /** From two readings of {@link OperationTimes}, {@code steps} apart; the longest first. */
  static List<OperationTime> between(Map<String, Long> before, Map<String, Long> after, int steps) {
    double total = sum(after) - sum(before);
    List<OperationTime> times = new ArrayList<>();
    after.forEach(
        (kind, nanos) -> {
          double spent = nanos - before.getOrDefault(kind, 0L);
          times.add(new OperationTime(kind, spent / 1e6 / steps, spent / total));
        });
    times.sort(Comparator.comparingDouble(OperationTime::millis).reversed());
    return times;
  }

  private static double sum(Map<String, Long> nanos) {
    return nanos.values().stream().mapToLong(Long::longValue).sum();
  }
}
