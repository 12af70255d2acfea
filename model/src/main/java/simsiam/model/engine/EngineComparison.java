package simsiam.model.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import simsiam.model.net.NetworkCost;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;

/**
 * The training step of several engines side by side: the same weights and pixels, rounds of a few
 * steps taken in turn, so that whatever else burdens the machine burdens all of them.
 */
public final class EngineComparison {
  private static final Rates RATES = new Rates(0.03, 0.03, 0.9, 5e-4);

  private EngineComparison() {}

  /**
   * What is timed.
   *
   * @param batch N, images a step
   * @param size S, pixels a side
   * @param warmup steps that are not timed
   * @param rounds turns of each engine
   * @param steps steps a turn
   */
  public record Workload(
      NetworkSpec network, int batch, int size, int warmup, int rounds, int steps) {}

  /**
   * What one engine reached.
   *
   * @param medianMillis of all its timed steps
   * @param imagesPerSecond by that median; an image counts once, whatever its views
   * @param gigaflops a second, by {@link NetworkCost}
   * @param relativeSpeed speed over that of the first engine: median over the rounds
   * @param memoryBytes how much the process's resident memory grew, at its highest, from loading
   *     the engine to the end of its warm-up; empty where the system does not tell. Exact for the
   *     first engine; a later one may reuse what an earlier one left to the allocator.
   * @param loss of the last step: engines that agree show the same
   */
  public record Timing(
      String engine,
      String description,
      double medianMillis,
      double imagesPerSecond,
      double gigaflops,
      double relativeSpeed,
      OptionalLong memoryBytes,
      double loss) {}

  /** Runs the workload on each engine, which is loaded here. Results in the order given. */
  public static List<Timing> run(Workload workload, List<Supplier<Engine>> engines) {
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Supplier<Engine> engine : engines) {
        contenders.add(Contender.warmedUp(workload, engine));
      }
      for (int round = 0; round < workload.rounds(); round++) {
        for (int turn = 0; turn < contenders.size(); turn++) {
          contenders.get((round + turn) % contenders.size()).round(round);
        }
      }
      return contenders.stream().map(c -> c.timing(contenders.get(0))).toList();
    } finally {
      contenders.forEach(contender -> contender.net.close());
    }
  }

  /** Standard normal pixels of all views, the same in every run. */
  static float[] pixels(Workload workload) {
    int views = workload.network().objective().symmetry().views();
    SplittableRandom random = new SplittableRandom(1);
    float[] pixels = new float[views * workload.batch() * workload.size() * workload.size() * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  private static final class Contender {
    private final Workload workload;
    private final Engine engine;
    private final SiameseNet net;
    private final float[] views;
    private final double[][] millis;
    private OptionalLong memory = OptionalLong.empty();
    private double loss;

    private Contender(Workload workload, Engine engine) {
      this.workload = workload;
      this.engine = engine;
      this.net =
          engine.create(workload.network(), NetworkLayout.of(workload.network()).initialise(1));
      this.views = pixels(workload);
      this.millis = new double[workload.rounds()][workload.steps()];
    }

    static Contender warmedUp(Workload workload, Supplier<Engine> supplier) {
      ResidentMemory memory = ResidentMemory.start();
      Contender contender = new Contender(workload, supplier.get());
      for (int i = 0; i < workload.warmup(); i++) {
        contender.step();
      }
      contender.memory = memory.peakGrowth();
      return contender;
    }

    private void step() {
      loss = net.step(views, workload.batch(), workload.size(), RATES).loss();
    }

    void round(int round) {
      for (int i = 0; i < workload.steps(); i++) {
        long start = System.nanoTime();
        step();
        millis[round][i] = (System.nanoTime() - start) / 1e6;
      }
    }

    Timing timing(Contender first) {
      double median = median(Arrays.stream(millis).flatMapToDouble(Arrays::stream).toArray());
      double[] ratios = new double[millis.length];
      for (int round = 0; round < ratios.length; round++) {
        ratios[round] = median(first.millis[round]) / median(millis[round]);
      }
      double imagesPerSecond = workload.batch() * 1000 / median;
      double gflop = NetworkCost.trainingFlops(workload.network(), workload.size()) / 1e9;
      return new Timing(
          engine.name(),
          engine.describe(),
          median,
          imagesPerSecond,
          imagesPerSecond * gflop,
          median(ratios),
          memory,
          loss);
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
