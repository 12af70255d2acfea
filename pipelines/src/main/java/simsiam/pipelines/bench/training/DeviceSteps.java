package simsiam.pipelines.bench.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.ViewDevice;
import simsiam.model.bench.EngineComparison;
import simsiam.model.bench.EngineComparison.Entrant;
import simsiam.model.bench.EngineComparison.Timing;
import simsiam.model.bench.EngineComparison.Workload;
import simsiam.model.bench.MachineLimits;
import simsiam.model.bench.MeasuredEngines;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkCost;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.bench.measure.PythonPeer;
import simsiam.pipelines.config.RunConfig;

/**
 * The optimiser step of a configuration's network on one device, beside the user's PyTorch on the
 * same device, eager and compiled, if {@link PythonPeer} finds one: turns of many steps whose
 * losses are read as training reads them. Ours are given their pixels anew in each step, as float32
 * from the host, and once more make the views of images that are cached on the device; PyTorch's
 * pixels lie there, made. The device's own limits, by the same library, tell how near a step comes
 * to them.
 *
 * @param warmup steps that are not timed; cuDNN tries its algorithms in the first
 * @param rounds turns of each
 * @param steps steps a turn
 * @param compiles whether PyTorch takes part with {@code torch.compile} too, which takes minutes
 */
record DeviceSteps(
    Device device, MeasuredEngines engines, int warmup, int rounds, int steps, boolean compiles) {
  private static final double GIB = 1L << 30;
  private static final int BFLOAT16_BYTES = 2;

  /** A map's values pass by: 3 times forward, 5 times back, in its norm alone. */
  private static final long PASSES = 8;

  /** Weight, gradient and momentum read, weight and momentum written, in float32. */
  private static final long UPDATE_BYTES = 5L * Float.BYTES;

  /** On a GPU in minutes, on the CPU in seconds. */
  static DeviceSteps standard(Device device, MeasuredEngines engines) {
    return device.isCuda()
        ? new DeviceSteps(device, engines, 20, 7, 100, true)
        : new DeviceSteps(device, engines, 1, 2, 2, false);
  }

  BenchResult run(RunConfig config) {
    int batch = config.train().batchSize();
    int size = config.augment().cropSize();
    List<Contender> contenders = contenders(config);
    Workload workload = new Workload(config.network(), batch, size, warmup, rounds, steps);
    List<Timing> timings =
        EngineComparison.run(
            workload, contenders.stream().map(Contender::entrant).toList(), Nd4jEngine::trimMemory);
    MachineLimits limits = engines.limits();
    NetworkCost cost = NetworkCost.of(config.network(), size);
    List<List<Figure>> rows = new ArrayList<>();
    for (int i = 0; i < timings.size(); i++) {
      rows.add(row(timings.get(i), contenders.get(i), limits, cost, batch));
    }
    return new BenchResult(
        String.format(
            Locale.ROOT,
            "Training step on %s: %s of width %d, batch %d of %d x %d pixels, %d views; median of %d"
                + " turns of %d steps",
            device,
            config.encoder().arch().name().toLowerCase(Locale.ROOT),
            config.encoder().width(),
            batch,
            size,
            size,
            Method.of(config.network()).views(),
            rounds,
            steps),
        rows,
        notes(timings, limits));
  }

  private record Contender(Precision precision, Entrant entrant, Optional<PyTorchEngine> python) {
    /** The engine, and what is beside a step of its own. */
    String name(Timing timing) {
      return entrant.views().isPresent() ? timing.engine() + ", views made" : timing.engine();
    }
  }

  private List<Contender> contenders(RunConfig config) {
    List<Contender> contenders = new ArrayList<>();
    boolean makesViews = engines.engine(Precision.FP32, false).makesViews(ViewDevice.GPU);
    for (Precision precision : precisions(config)) {
      Supplier<Engine> ours = () -> engines.engine(precision, false);
      contenders.add(new Contender(precision, new Entrant(ours), Optional.empty()));
      if (makesViews) {
        Entrant making = new Entrant(ours, Optional.of(views(config.augment())));
        contenders.add(new Contender(precision, making, Optional.empty()));
      }
      if (PyTorchEngine.knows(config.network())) {
        PythonPeer.python().ifPresent(name -> add(name, precision, contenders));
      }
    }
    return contenders;
  }

  private void add(String python, Precision precision, List<Contender> contenders) {
    int threads = new Nd4jEngine().threads();
    boolean compiler = PyTorchEngine.compiler(System.getenv()).isPresent();
    for (boolean compiled :
        compiles && compiler ? new boolean[] {false, true} : new boolean[] {false}) {
      PyTorchEngine engine =
          new PyTorchEngine(
              python, threads, precision, new PyTorchEngine.Way(device, compiled, false));
      contenders.add(new Contender(precision, new Entrant(() -> engine), Optional.of(engine)));
    }
  }

  /** Those of the configuration, of made-up images. */
  private static AugmentSpec views(AugmentSpec augment) {
    return augment.normalised(GpuBench.HALF, GpuBench.QUARTER).on(ViewDevice.GPU);
  }

  /** That of the configuration, or if it is float32 the others beside it. */
  private List<Precision> precisions(RunConfig config) {
    if (config.train().precision() != Precision.FP32) {
      return List.of(config.train().precision());
    }
    return engines.precisions();
  }

  private List<Figure> row(
      Timing timing, Contender contender, MachineLimits limits, NetworkCost cost, int batch) {
    boolean half = contender.precision() == Precision.BF16;
    double most =
        half ? limits.bfloat16Gigaflops().orElse(limits.gemmGigaflops()) : limits.gemmGigaflops();
    long width = half ? BFLOAT16_BYTES : Float.BYTES;
    double bytes =
        (double) PASSES * batch * cost.scaledValues() * width + UPDATE_BYTES * cost.parameters();
    double gigabytes = bytes / timing.medianMillis() / 1e6;
    long memory = contender.python().map(PyTorchEngine::peakBytes).orElseGet(() -> memory(timing));
    return List.of(
        Figure.words("engine", "engine", contender.name(timing)),
        Figure.words("precision", "precision", OperationRates.word(contender.precision())),
        Figure.measured("ms/step", "median_milliseconds", timing.medianMillis()),
        Figure.measured("images/s", "images_per_second", timing.imagesPerSecond()),
        Figure.measured("GFLOP/s", "gigaflops_per_second", timing.gigaflops()),
        percent("of the product", "share_of_matrix_rate", timing.gigaflops() / most),
        percent("of the copy", "share_of_bandwidth", gigabytes / limits.copyGigabytes()),
        new Figure(
            "memory, GiB",
            String.format(Locale.ROOT, "%.2f", memory / GIB),
            "memory_bytes",
            memory),
        new Figure(
            "loss", String.format(Locale.ROOT, "%.5f", timing.loss()), "loss", timing.loss()));
  }

  /** Of the device if that is not this machine. */
  private long memory(Timing timing) {
    return device.isCuda() ? TorchEngine.usedBytes(device) : timing.memoryBytes().orElse(0);
  }

  private static Figure percent(String title, String name, double share) {
    return new Figure(title, String.format(Locale.ROOT, "%.0f %%", 100 * share), name, share);
  }

  private List<String> notes(List<Timing> timings, MachineLimits limits) {
    List<String> notes = new ArrayList<>();
    timings.forEach(timing -> notes.add(timing.engine() + ": " + timing.description()));
    notes.add(
        String.format(
            Locale.ROOT,
            "Limits of %s: matrix product %.0f GFLOP/s (bf16 %.0f), copy %.1f GB/s (read and written); the share of the copy counts what norms and the update read and write at the least",
            device,
            limits.gemmGigaflops(),
            limits.bfloat16Gigaflops().orElse(Double.NaN),
            limits.copyGigabytes()));
    notes.add(
        "Kernels a step are not counted: libtorch's counters cannot be reached from Java; `nsys profile --stats=true` around this command counts them");
    if (compiles && PyTorchEngine.compiler(System.getenv()).isEmpty()) {
      notes.add(
          "No compiled PyTorch: there is no C++ compiler (CXX, or g++ or clang++ on the PATH)");
    }
    if (PythonPeer.python().isEmpty()) {
      notes.add("For PyTorch beside it: %s=a Python with torch".formatted(PythonPeer.VARIABLE));
    }
    return notes;
  }
}
