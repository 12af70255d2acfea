package simsiam.model.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.engine.Engine;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;

/**
 * The training step of several engines side by side: the same weights and pixels, rounds of a few
 * steps taken in turn, so that whatever else burdens the machine burdens all of them.
 */
public final class EngineComparison {
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
      NetworkSpec network, int batch, int size, int warmup, int rounds, int steps) {

    /** Standard normal pixels of all views, the same in every run. */
    float[] pixels() {
      int views = Method.of(network).views();
      SplittableRandom random = new SplittableRandom(1);
      float[] pixels = new float[views * batch * size * size * 3];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) random.nextGaussian();
      }
      return pixels;
    }
  }

  /**
   * An engine and how it is given its pixels.
   *
   * @param views made in each step by the engine of images that are cached where it is, with mean
   *     and deviation filled in; empty: each step has its views from the host
   */
  public record Entrant(Supplier<Engine> engine, Optional<AugmentSpec> views) {
    public Entrant(Supplier<Engine> engine) {
      this(engine, Optional.empty());
    }
  }

  /**
   * What one engine reached.
   *
   * @param medianMillis a step: median over the turns
   * @param imagesPerSecond by that median; an image counts once, whatever its views
   * @param gigaflops a second, by {@link simsiam.model.net.NetworkCost}
   * @param relativeSpeed speed over that of the first engine: median over the rounds
   * @param memoryBytes how much the process's resident memory grew, at its highest, from loading
   *     the engine to the end of its warm-up; empty where the system does not tell
   * @param loss of the last step: engines that agree show the same
   * @param operations where the time of its steps went; empty if the engine does not tell
   */
  public record Timing(
      String engine,
      String description,
      double medianMillis,
      double imagesPerSecond,
      double gigaflops,
      double relativeSpeed,
      OptionalLong memoryBytes,
      double loss,
      List<OperationTime> operations) {}

  /**
   * Runs the workload on each engine, which is loaded here. Those that make views have other ones
   * than the rest, the same in every step.
   *
   * @param trim gives freed native memory back to the system, lest an engine be spared the memory
   *     that the one before it left
   * @return in the order given
   */
  public static List<Timing> run(Workload workload, List<Entrant> entrants, Runnable trim) {
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Entrant entrant : entrants) {
        trim.run();
        contenders.add(Contender.warmedUp(workload, entrant));
      }
      for (int round = 0; round < workload.rounds(); round++) {
        for (int turn = 0; turn < contenders.size(); turn++) {
          contenders.get((round + turn) % contenders.size()).round(round);
        }
      }
      return contenders.stream().map(c -> c.timing(contenders.get(0))).toList();
    } finally {
      contenders.forEach(Contender::close);
    }
  }
}
