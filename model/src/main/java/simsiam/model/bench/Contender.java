package simsiam.model.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.DrawnViews;
import simsiam.model.bench.EngineComparison.Entrant;
import simsiam.model.bench.EngineComparison.Timing;
import simsiam.model.bench.EngineComparison.Workload;
import simsiam.model.engine.Engine;
import simsiam.model.engine.OperationTimes;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.CachedImages;
import simsiam.model.load.ImageSet;
import simsiam.model.load.LoaderSpec;
import simsiam.model.load.ViewLoader;
import simsiam.model.net.NetworkCost;
import simsiam.model.net.NetworkLayout;

/**
 * One engine in a comparison: its network, and the time of each of its turns, in which metrics are
 * read as training reads them.
 */
final class Contender implements AutoCloseable {
  private static final float[] NOTHING = {};
  private static final Rates RATES = new Rates(0.03, 0.03, 0.9, 5e-4);

  private final Workload workload;
  private final Engine engine;
  private final TrainingNet net;
  private final float[] views;
  private final Optional<DrawnViews> drawn;
  private final double[] millis;
  private OptionalLong memory = OptionalLong.empty();
  private Map<String, Long> warmUpNanos = Map.of();
  private double loss;

  private Contender(Workload workload, Engine engine, Optional<AugmentSpec> augment) {
    this.workload = workload;
    this.engine = engine;
    this.net =
        engine.create(workload.network(), NetworkLayout.of(workload.network()).initialise(1));
    this.views = augment.isPresent() ? NOTHING : workload.pixels();
    this.drawn = augment.map(this::drawn);
    this.millis = new double[workload.rounds()];
  }

  /** Draws of images that are cached where the network is. */
  private DrawnViews drawn(AugmentSpec augment) {
    int batch = workload.batch();
    ImageSet images = new SyntheticImages(batch, workload.size());
    long pixels = (long) batch * workload.size() * workload.size();
    CachedImages cached = CachedImages.read(images, all -> net.cache(pixels, all), () -> false);
    LoaderSpec spec = new LoaderSpec(net.method().views(), batch, 1, 1);
    try (ViewLoader loader = ViewLoader.drawing(cached, augment, spec, 0, 0)) {
      return loader.next().drawn().orElseThrow(); // not given back: no other batch gets the buffer
    }
  }

  static Contender warmedUp(Workload workload, Entrant entrant) {
    ResidentMemory memory = ResidentMemory.start();
    Contender contender = new Contender(workload, entrant.engine().get(), entrant.views());
    try {
      contender.steps(workload.warmup());
    } catch (RuntimeException | Error e) {
      contender.close();
      throw e;
    }
    contender.memory = memory.peakGrowth();
    contender.warmUpNanos = contender.nanos();
    return contender;
  }

  private void steps(int count) {
    for (int i = 0; i < count; i++) {
      tell(
          drawn.isPresent()
              ? net.advance(drawn.get(), RATES)
              : net.advance(views, workload.batch(), workload.size(), NOTHING, RATES));
    }
    tell(net.settle());
  }

  private void tell(List<StepMetrics> known) {
    if (!known.isEmpty()) {
      loss = known.get(known.size() - 1).loss();
    }
  }

  void round(int round) {
    long start = System.nanoTime();
    steps(workload.steps());
    millis[round] = (System.nanoTime() - start) / 1e6 / workload.steps();
  }

  private Map<String, Long> nanos() {
    return net instanceof OperationTimes times ? Map.copyOf(times.operationNanos()) : Map.of();
  }

  Timing timing(Contender first) {
    double median = median(millis);
    double[] ratios = new double[millis.length];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = first.millis[round] / millis[round];
    }
    double imagesPerSecond = workload.batch() * 1000 / median;
    double gflop = NetworkCost.trainingFlops(workload.network(), workload.size()) / 1e9;
    List<OperationTime> operations =
        OperationTime.between(warmUpNanos, nanos(), workload.rounds() * workload.steps());
    return new Timing(
        engine.name(),
        engine.describe(),
        median,
        imagesPerSecond,
        imagesPerSecond * gflop,
        median(ratios),
        memory,
        loss,
        operations);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  @Override
  public void close() {
    net.close();
  }
}
