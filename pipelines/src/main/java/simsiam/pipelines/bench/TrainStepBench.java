package simsiam.pipelines.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import simsiam.model.bench.EngineComparison;
import simsiam.model.bench.EngineComparison.Timing;
import simsiam.model.bench.EngineComparison.Workload;
import simsiam.model.bench.MachineLimits;
import simsiam.model.engine.Engine;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.nd4j.Nd4jOpsEngine;
import simsiam.model.engine.nd4j.bench.Nd4jLimits;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkCost;
import simsiam.model.train.TrainSpec;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.bench.measure.PythonPeer;
import simsiam.pipelines.config.RunConfig;

/**
 * The optimiser step of a configuration's network, on every engine of this build in turn; ND4J's on
 * the CPU, with both its sets of kernels. Libtorch, where it is there, is the one that the others
 * are compared with. Where the nd4j engine's time goes is told by kind of operation, each against
 * the machine's limit. The user's PyTorch takes part if {@link PythonPeer} finds one.
 *
 * @param warmup steps that are not timed
 * @param rounds turns of each engine
 * @param steps steps a turn
 */
record TrainStepBench(int warmup, int rounds, int steps) implements Benchmark {
  private static final double GIB = 1L << 30;

  static TrainStepBench standard() {
    return new TrainStepBench(3, 7, 3);
  }

  @Override
  public BenchResult run(RunConfig config) {
    int batch = config.train().batchSize();
    int size = config.augment().cropSize();
    Engine nd4j = new Nd4jEngine();
    Workload workload = new Workload(config.network(), batch, size, warmup, rounds, steps);
    Optional<PyTorchEngine> python =
        PythonPeer.python()
            .filter(name -> PyTorchEngine.knows(config.network()))
            .map(name -> new PyTorchEngine(name, nd4j.threads()));
    List<Supplier<Engine>> engines = engines(config.train());
    python.ifPresent(engine -> engines.add(() -> engine));
    List<Timing> timings = EngineComparison.run(workload, engines, Nd4jEngine::trimMemory);
    MachineLimits limits = Nd4jLimits.measure();
    OperationRates rates =
        new OperationRates(NetworkCost.of(config.network(), size), batch, limits);
    String reference = timings.get(0).engine();
    return new BenchResult(
        String.format(
            Locale.ROOT,
            "Training step: %s of width %d, batch %d of %d x %d pixels, %d views; median of %d steps",
            config.encoder().arch().name().toLowerCase(Locale.ROOT),
            config.encoder().width(),
            batch,
            size,
            size,
            Method.of(config.network()).views(),
            rounds * steps),
        timings.stream().map(timing -> row(timing, reference, memory(timing, python))).toList(),
        timings.stream()
            .filter(timing -> timing.engine().equals(nd4j.name()))
            .flatMap(timing -> timing.operations().stream())
            .map(rates::row)
            .toList(),
        notes(timings, limits));
  }

  private static List<String> notes(List<Timing> timings, MachineLimits limits) {
    List<String> notes = new ArrayList<>();
    timings.forEach(timing -> notes.add(timing.engine() + ": " + timing.description()));
    notes.add(
        String.format(
            Locale.ROOT,
            "Limits of this machine: matrix product %.0f GFLOP/s, copy %.1f GB/s (read and written)",
            limits.gemmGigaflops(),
            limits.copyGigabytes()));
    if (PythonPeer.python().isEmpty()) {
      notes.add("For PyTorch beside it: %s=a Python with torch".formatted(PythonPeer.VARIABLE));
    }
    return notes;
  }

  private static List<Supplier<Engine>> engines(TrainSpec train) {
    List<Supplier<Engine>> engines = new ArrayList<>();
    if (TorchEngine.isAvailable()) {
      TorchSettings settings = new TorchSettings(train.device(), train.precision(), 0);
      engines.add(() -> new TorchEngine(settings));
    }
    engines.add(Nd4jEngine::new);
    engines.add(Nd4jOpsEngine::cpu);
    return engines;
  }

  /** PyTorch has a process of its own. */
  private static OptionalLong memory(Timing timing, Optional<PyTorchEngine> python) {
    return python.isPresent() && timing.engine().equals(python.get().name())
        ? OptionalLong.of(python.get().peakBytes())
        : timing.memoryBytes();
  }

  private static List<Figure> row(Timing timing, String reference, OptionalLong bytes) {
    return List.of(
        Figure.words("engine", "engine", timing.engine()),
        Figure.measured("ms/step", "median_milliseconds", timing.medianMillis()),
        Figure.measured("images/s", "images_per_second", timing.imagesPerSecond()),
        Figure.measured("GFLOP/s", "gigaflops_per_second", timing.gigaflops()),
        Figure.measured(
            "speed / " + reference, "speed_relative_to_" + reference, timing.relativeSpeed()),
        memory(bytes),
        new Figure(
            "loss", String.format(Locale.ROOT, "%.5f", timing.loss()), "loss", timing.loss()));
  }

  private static Figure memory(OptionalLong bytes) {
    String title = "peak memory, GiB";
    String name = "peak_memory_bytes";
    return bytes.isEmpty()
        ? new Figure(title, "unknown", name, "unknown")
        : new Figure(
            title,
            String.format(Locale.ROOT, "%.2f", bytes.getAsLong() / GIB),
            name,
            bytes.getAsLong());
  }
}
