package simsiam.pipelines.bench.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import simsiam.model.bench.EngineComparison;
import simsiam.model.bench.EngineComparison.Entrant;
import simsiam.model.bench.EngineComparison.Timing;
import simsiam.model.bench.EngineComparison.Workload;
import simsiam.model.bench.MachineLimits;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.nd4j.Nd4jOpsEngine;
import simsiam.model.engine.nd4j.bench.Nd4jLimits;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkCost;
import simsiam.model.train.spec.TrainSpec;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.bench.measure.PythonPeer;
import simsiam.pipelines.config.RunConfig;

/**
 * The optimiser step of a configuration's network, on every engine of this build in turn; ND4J's on
 * the CPU, with both its sets of kernels; in float32, and in bf16 where the processor has
 * instructions for it. Libtorch, where it is there, is the one that the others are compared with.
 * Where the nd4j engine's time goes is told by kind of operation, each against the machine's limit.
 * The user's PyTorch takes part if {@link PythonPeer} finds one, compiled too if there is a C++
 * compiler. On a CUDA device, if {@code train.device} is one, {@link DeviceSteps} measures.
 *
 * @param warmup steps that are not timed
 * @param rounds turns of each engine
 * @param steps steps a turn
 */
public record TrainStepBench(int warmup, int rounds, int steps) implements Benchmark {
  private static final double GIB = 1L << 30;

  public static TrainStepBench standard() {
    return new TrainStepBench(3, 7, 3);
  }

  @Override
  public BenchResult run(RunConfig config) {
    if (config.train().device().isCuda()) {
      return DeviceSteps.standard(
              config.train().device(), DeviceEngines.of(config.train().device()))
          .run(config);
    }
    int batch = config.train().batchSize();
    int size = config.augment().cropSize();
    int threads = new Nd4jEngine().threads();
    Workload workload = new Workload(config.network(), batch, size, warmup, rounds, steps);
    List<Contender> contenders = contenders(config.train());
    PythonPeer.python()
        .filter(name -> PyTorchEngine.knows(config.network()))
        .ifPresent(name -> contenders.addAll(pythons(name, threads)));
    List<Timing> timings =
        EngineComparison.run(
            workload,
            contenders.stream().map(contender -> new Entrant(contender.engine())).toList(),
            Nd4jEngine::trimMemory);
    MachineLimits limits = Nd4jLimits.measure();
    NetworkCost cost = NetworkCost.of(config.network(), size);
    List<List<Figure>> rows = new ArrayList<>();
    List<List<Figure>> parts = new ArrayList<>();
    for (int i = 0; i < timings.size(); i++) {
      Timing timing = timings.get(i);
      Contender contender = contenders.get(i);
      rows.add(row(timing, contender, timings.get(0).engine()));
      if (timing.engine().equals("nd4j")) {
        OperationRates rates = new OperationRates(cost, batch, limits, contender.precision());
        timing.operations().forEach(operation -> parts.add(rates.row(operation)));
      }
    }
    return new BenchResult(
        String.format(
            Locale.ROOT,
            "Training step: %s of width %d, batch %d of %d x %d pixels, %d views; median of %d"
                + " turns of %d",
            config.encoder().arch().name().toLowerCase(Locale.ROOT),
            config.encoder().width(),
            batch,
            size,
            size,
            Method.of(config.network()).views(),
            rounds,
            steps),
        rows,
        parts,
        notes(timings, limits));
  }

  /**
   * What takes part.
   *
   * @param engine made when it is its turn to be loaded
   * @param python PyTorch, if it is that
   */
  private record Contender(
      Precision precision, Supplier<Engine> engine, Optional<PyTorchEngine> python) {
    Contender(Precision precision, Supplier<Engine> engine) {
      this(precision, engine, Optional.empty());
    }
  }

  /** PyTorch as it is and, where a C++ compiler is there, compiled. */
  private static List<Contender> pythons(String name, int threads) {
    boolean compiler = PyTorchEngine.compiler(System.getenv()).isPresent();
    List<Contender> pythons = new ArrayList<>();
    for (boolean compiled : compiler ? new boolean[] {false, true} : new boolean[] {false}) {
      for (Precision precision : precisions()) {
        PyTorchEngine python =
            new PyTorchEngine(
                name, threads, precision, new PyTorchEngine.Way(Device.CPU, compiled, false));
        pythons.add(new Contender(precision, () -> python, Optional.of(python)));
      }
    }
    return pythons;
  }

  private static List<Precision> precisions() {
    return Nd4jEngine.bfloat16Problem().isEmpty()
        ? List.of(Precision.FP32, Precision.BF16)
        : List.of(Precision.FP32);
  }

  private static List<String> notes(List<Timing> timings, MachineLimits limits) {
    List<String> notes = new ArrayList<>();
    timings.forEach(timing -> notes.add(timing.engine() + ": " + timing.description()));
    notes.add(
        String.format(
            Locale.ROOT,
            "Limits of this machine: matrix product %.0f GFLOP/s%s, copy %.1f GB/s (read and"
                + " written)",
            limits.gemmGigaflops(),
            limits.bfloat16Gigaflops().isPresent()
                ? String.format(
                    Locale.ROOT, " (bf16 %.0f)", limits.bfloat16Gigaflops().getAsDouble())
                : "",
            limits.copyGigabytes()));
    Nd4jEngine.bfloat16Problem()
        .ifPresent(problem -> notes.add("No bf16: the processor is " + problem));
    if (PythonPeer.python().isEmpty()) {
      notes.add("For PyTorch beside it: %s=a Python with torch".formatted(PythonPeer.VARIABLE));
    } else if (PyTorchEngine.compiler(System.getenv()).isEmpty()) {
      notes.add(
          "No compiled PyTorch: there is no C++ compiler (CXX, or g++ or clang++ on the PATH)");
    }
    return notes;
  }

  private static List<Contender> contenders(TrainSpec train) {
    List<Contender> contenders = new ArrayList<>();
    for (Precision precision : precisions()) {
      if (TorchEngine.isAvailable()) {
        TorchSettings settings = new TorchSettings(train.device(), precision, 0);
        contenders.add(new Contender(precision, () -> new TorchEngine(settings)));
      }
      contenders.add(new Contender(precision, () -> new Nd4jEngine(precision)));
    }
    contenders.add(new Contender(Precision.FP32, Nd4jOpsEngine::cpu));
    return contenders;
  }

  private static List<Figure> row(Timing timing, Contender contender, String reference) {
    // PyTorch has a process of its own.
    OptionalLong bytes =
        contender
            .python()
            .map(engine -> OptionalLong.of(engine.peakBytes()))
            .orElse(timing.memoryBytes());
    return List.of(
        Figure.words("engine", "engine", timing.engine()),
        Figure.words("precision", "precision", OperationRates.word(contender.precision())),
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
