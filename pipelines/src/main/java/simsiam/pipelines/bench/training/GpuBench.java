package simsiam.pipelines.bench.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.ViewDevice;
import simsiam.model.bench.DeviceChecks;
import simsiam.model.bench.DeviceChecks.Check;
import simsiam.model.bench.MeasuredEngines;
import simsiam.model.data.Manifest;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.file.FileTree;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.Symmetry;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.bench.measure.PythonPeer;
import simsiam.pipelines.bench.training.ShortTraining.Point;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.preprocess.PreprocessPipeline;
import simsiam.pipelines.shard.ShardPipeline;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.sets.ImageSources;
import simsiam.pipelines.stages.data.SplitImages;

/**
 * All that is to be known of training on a CUDA device, in one unattended run: whether it computes
 * what the CPU does, how fast beside the user's PyTorch and the device's own limits, in how much
 * memory, whether a short training learns as PyTorch's does on the same views, and whether it
 * collapses without the stop-gradient. On {@code train.device: cpu} the same in small.
 *
 * @param images made up for training where the configuration names none with labels
 * @param epochs of a short training at most
 * @param checked images a step of the checks at most
 */
public record GpuBench(int images, int epochs, int checked) implements Benchmark {
  private static final double COLLAPSED = 0.5;

  /** Of made-up images, about. */
  static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  static final List<Double> QUARTER = List.of(0.25, 0.25, 0.25);

  private static final GpuBench IN_SMALL = new GpuBench(512, 4, 16);

  public static GpuBench standard() {
    return new GpuBench(10_000, 30, 64);
  }

  /** What the short trainings are of. */
  private record Data(ShortTraining training, String words) {}

  @Override
  public BenchResult run(RunConfig config) throws IOException {
    boolean cpu = config.train().device().isCpu();
    return (cpu ? smaller() : this).run(config, cpu ? Device.CPU : cuda(config.train().device()));
  }

  private GpuBench smaller() {
    return new GpuBench(
        Math.min(images, IN_SMALL.images),
        Math.min(epochs, IN_SMALL.epochs),
        Math.min(checked, IN_SMALL.checked));
  }

  private BenchResult run(RunConfig config, Device device) throws IOException {
    MeasuredEngines engines = DeviceEngines.of(device);
    Precision precision = precision(config, engines);
    Engine engine = engines.engine(precision, false);

    int size = config.augment().cropSize();
    int batch = Math.min(checked, config.train().batchSize());
    List<List<Figure>> rows = new ArrayList<>();
    new DeviceChecks(engines, config.network(), batch, size)
        .run()
        .forEach(check -> rows.add(row(check)));
    BenchResult steps = DeviceSteps.standard(device, engines).run(config);
    List<String> notes = new ArrayList<>(steps.notes());
    notes.add(engine.name() + ": " + engine.describe());
    Path work = Files.createTempDirectory("simsiam-bench-");
    try {
      Data data = data(config, work);
      notes.add("Short trainings: " + data.words());
      train(config, data.training(), engine, device, precision, rows);
    } finally {
      FileTree.delete(work);
    }
    return new BenchResult(
        String.format(
            Locale.ROOT,
            "Training on %s: %s of width %d; checks with batches of %d, then steps and short trainings with %d",
            device,
            config.encoder().arch().name().toLowerCase(Locale.ROOT),
            config.encoder().width(),
            batch,
            config.train().batchSize()),
        rows,
        steps.rows(),
        notes);
  }

  private static Device cuda(Device asked) {
    return asked.isCuda() ? asked : Device.CUDA;
  }

  /** That of the configuration; bf16, if it does not ask for another than float32. */
  private static Precision precision(RunConfig config, MeasuredEngines engines) {
    List<Precision> all = engines.precisions();
    Precision asked = config.train().precision();
    return asked == Precision.FP32 ? all.get(all.size() - 1) : asked;
  }

  private static void train(
      RunConfig config,
      ShortTraining training,
      Engine engine,
      Device device,
      Precision precision,
      List<List<Figure>> rows) {
    NetworkSpec network = config.network();
    List<Point> ours = training.run(engine, network, engine.linearAlgebra());
    Optional<List<Point>> theirs =
        PythonPeer.python()
            .filter(name -> PyTorchEngine.knows(network))
            .map(
                name ->
                    training.run(
                        new PyTorchEngine(
                            name,
                            engine.threads(),
                            precision,
                            new PyTorchEngine.Way(device, false, true)),
                        network,
                        engine.linearAlgebra()));
    for (int i = 0; i < ours.size(); i++) {
      Point point = ours.get(i);
      rows.add(shown("kNN % after epoch " + point.epoch(), point.top1()));
      if (theirs.isPresent()) {
        rows.add(
            shown("kNN % after epoch " + point.epoch() + ", PyTorch", theirs.get().get(i).top1()));
      }
    }
    Point last = ours.get(ours.size() - 1);
    rows.add(shown("images/s of a short training", last.imagesPerSecond()));
    rows.add(row(new Check("collapse level with the stop-gradient", last.level(), COLLAPSED)));
    List<Point> without =
        training.run(engine, withoutStopGradient(network), engine.linearAlgebra());
    double level = without.get(without.size() - 1).level();
    // What must be reached, told as what may be missed.
    rows.add(row(new Check("std·√d without the stop-gradient", 1 - level, COLLAPSED)));
  }

  private static NetworkSpec withoutStopGradient(NetworkSpec network) {
    return new NetworkSpec(
        network.encoder(),
        network.projector(),
        network.predictor(),
        new ObjectiveSpec(network.objective().similarity(), false, Symmetry.SYMMETRIC));
  }

  private static List<Figure> row(Check check) {
    boolean limited = !Double.isNaN(check.limit());
    return List.of(
        Figure.words("what", "what", check.name()),
        number("found", "found", check.found()),
        limited
            ? number("at most", "limit", check.limit())
            : new Figure("at most", "-", "limit", null),
        limited
            ? Figure.words("", "verdict", check.passes() ? "pass" : "FAIL")
            : new Figure("", "", "verdict", null));
  }

  private static List<Figure> shown(String name, double value) {
    return List.of(
        Figure.words("what", "what", name),
        Figure.measured("found", "found", value),
        new Figure("at most", "-", "limit", null),
        new Figure("", "", "verdict", null));
  }

  private static Figure number(String title, String name, double value) {
    return new Figure(title, String.format(Locale.ROOT, "%.3g", value), name, value);
  }

  /** The configuration's images where it names some, else made-up ones. */
  private Data data(RunConfig config, Path work) throws IOException {
    int most = Math.min(epochs, config.train().epochs());
    if (config.dataset().path().isEmpty()) {
      int size = config.augment().cropSize();
      AugmentSpec augment = withStatistics(config.augment(), HALF, QUARTER);
      return new Data(
          new ShortTraining(
              config,
              new ClassWaves("train", images, size),
              new ClassWaves("test", images / 4, size),
              ShortTraining.names(ClassWaves.CLASSES),
              augment,
              most,
              Math.max(1, most / 6)),
          "%s made-up images of %s classes, as dataset.path is empty"
              .formatted(images, ClassWaves.CLASSES));
    }
    Path examples = Files.createDirectory(work.resolve("examples"));
    Path shards = Files.createDirectory(work.resolve("shards"));
    ImageSource source = ImageSources.open(config.dataset(), work);
    SourceContents contents = source.contents(DigestCache.open(work.resolve("digests")));
    List<String> none = List.of();
    new PreprocessPipeline(source, contents, config.preprocess())
        .run(examples, BeamOptions.parse(none), done -> {});
    new ShardPipeline(config.shard(), contents.digest(), JsonNodeFactory.instance.objectNode())
        .run(examples, shards, BeamOptions.parse(none), done -> {});
    Manifest manifest = Manifest.read(shards);
    AugmentSpec augment = SplitImages.withStatistics(config.augment(), manifest);
    return new Data(
        new ShortTraining(
            config,
            SplitImages.read(shards, manifest, SplitImages.TRAIN),
            SplitImages.read(shards, manifest, SplitImages.TEST),
            manifest.classNames(),
            withStatistics(augment, augment.mean(), augment.std()),
            most,
            Math.max(1, most / 6)),
        config.dataset().path());
  }

  /** Views where the network is, if that is a GPU. */
  private static AugmentSpec withStatistics(
      AugmentSpec augment, List<Double> mean, List<Double> std) {
    return augment.normalised(mean, std).on(ViewDevice.AUTO);
  }
}
