package simsiam.model.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import simsiam.model.engine.EngineComparison.Workload;
import simsiam.model.net.NetworkLayout;

/**
 * Where the time of one engine's training step goes, by kind of operation. How engines compare is
 * {@link EngineComparison}'s part.
 */
public final class TrainStepBenchmark {
  private static final Rates RATES = new Rates(0.03, 0.03, 0.9, 5e-4);

  private TrainStepBenchmark() {}

  /**
   * The mean time of one kind of operation in a step.
   *
   * @param operation such as {@code convolution} or {@code weight_gradient}
   * @param share of the time of all kinds, 0 to 1
   */
  public record OperationTime(String operation, double millis, double share) {}

  /**
   * Runs {@code rounds · steps} steps after the warm-up.
   *
   * @return the kinds by time, longest first; empty if the engine does not tell
   */
  public static List<OperationTime> run(Workload workload, Engine engine) {
    int steps = workload.rounds() * workload.steps();
    var weights = NetworkLayout.of(workload.network()).initialise(1);
    try (SiameseNet net = engine.create(workload.network(), weights)) {
      if (!(net instanceof OperationTimes times)) {
        return List.of();
      }
      float[] views = EngineComparison.pixels(workload);
      run(net, workload, views, workload.warmup());
      Map<String, Long> before = new HashMap<>(times.operationNanos());
      run(net, workload, views, steps);
      Map<String, Double> millis = new HashMap<>();
      times
          .operationNanos()
          .forEach(
              (kind, nanos) ->
                  millis.put(kind, (nanos - before.getOrDefault(kind, 0L)) / 1e6 / steps));
      return sorted(millis);
    }
  }

  private static void run(SiameseNet net, Workload workload, float[] views, int steps) {
    for (int i = 0; i < steps; i++) {
      net.step(views, workload.batch(), workload.size(), RATES);
    }
  }

  private static List<OperationTime> sorted(Map<String, Double> millis) {
    double total = millis.values().stream().mapToDouble(Double::doubleValue).sum();
    List<OperationTime> times = new ArrayList<>();
    millis.forEach((kind, time) -> times.add(new OperationTime(kind, time, time / total)));
    times.sort(Comparator.comparingDouble(OperationTime::millis).reversed());
    return times;
  }
}
