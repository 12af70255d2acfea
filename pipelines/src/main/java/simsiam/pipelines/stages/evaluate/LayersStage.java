package simsiam.pipelines.stages.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import simsiam.eval.features.FeatureExtractor;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.layers.LayerProbes;
import simsiam.eval.layers.LayerTaps;
import simsiam.eval.layers.LayersResult;
import simsiam.eval.layers.LayersResult.Layer;
import simsiam.model.data.Manifest;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Tap;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageSet;
import simsiam.model.net.Method;
import simsiam.model.net.Network;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.TrainingState;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Curve.Role;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.evaluate.FeatureStore.Encoder;
import simsiam.pipelines.stages.pretrain.Encoding;
import simsiam.pipelines.stages.pretrain.PretrainStage;

/**
 * Linear probes on every layer of the trained encoder and of the untrained one. Maps of layers are
 * large (N images of D values are 4·N·D bytes) and soon made, so they are held in memory as long as
 * they are probed, never written; as many layers are encoded in one pass as fit into two fifths of
 * the heap.
 */
public final class LayersStage extends FeatureEvaluation<LayersResult> {
  private static final String POOLED = "pooled";

  public LayersStage() {
    super(LayersResult.class);
  }

  @Override
  public String name() {
    return "layers";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean enabled(RunConfig config) {
    return config.layers().on();
  }

  @Override
  public String enabledBy() {
    return "layers.max_dim";
  }

  @Override
  public List<String> upstream() {
    return List.of("shard", "pretrain", "features");
  }

  @Override
  public List<String> configKeys() {
    return List.of("layers", "probe", "seed");
  }

  @Override
  Evaluated<LayersResult> evaluate(StageContext context, Manifest manifest, FeatureStore store) {
    try (Job job = new Job(context, manifest, store)) {
      return new Evaluated<>(job.evaluate(Encoder.TRAINED), job.evaluate(Encoder.RANDOM));
    }
  }

  private static final class Job implements AutoCloseable {
    private final RunConfig config;
    private final Manifest manifest;
    private final FeatureStore store;
    private final Engine engine;
    private final Checkpoint checkpoint;
    private final TrainingState state;
    private final ImageSet train;
    private final ImageSet test;
    private final LayerProbes probes;
    private final Progress progress;
    private int done;

    Job(StageContext context, Manifest manifest, FeatureStore store) {
      this.config = context.config();
      this.manifest = manifest;
      this.store = store;
      engine = EvaluationEngine.of(config);
      checkpoint = PretrainStage.lastCheckpoint(context.upstream("pretrain"));
      state = checkpoint.state();
      train = SplitImages.read(context.upstream("shard"), manifest, SplitImages.TRAIN);
      test = SplitImages.read(context.upstream("shard"), manifest, SplitImages.TEST);
      probes =
          new LayerProbes(config.layers(), config.probe(), engine.linearAlgebra(), config.seed());
      int layers = Method.of(state.network()).encoder().taps().size() + 1;
      progress =
          context.progress(
              "fits and epochs", 2L * layers * LayerProbes.parts(config.layers(), config.probe()));
    }

    LayersResult evaluate(Encoder encoder) {
      List<Layer> layers = new ArrayList<>();
      Network network = Method.of(state.network()).encoder();
      int size = state.augment().cropSize();
      List<Tap> taps = LayerTaps.of(network, size, config.layers().maxDim());
      long images = (long) train.size() + test.size();
      try (TrainingNet net = engine.create(state.network(), encoder.weights(checkpoint))) {
        for (List<Tap> pass : passes(taps, network, size, images)) {
          FeatureExtractor extractor =
              new Encoding(state.augment(), manifest.labelSpace()).extractor(net);
          List<FeatureSet> trains =
              new ArrayList<>(extractor.maps(train, manifest.labelSpace(), pass, n -> {}));
          List<FeatureSet> tests =
              new ArrayList<>(extractor.maps(test, manifest.labelSpace(), pass, n -> {}));
          for (Tap tap : pass) {
            layers.add(probe(tap.name(), tap.side(), trains.remove(0), tests.remove(0)));
          }
        }
      }
      FeatureSet pooled = store.read(encoder, SplitImages.TRAIN);
      layers.add(probe(POOLED, 1, pooled, store.read(encoder, SplitImages.TEST)));
      return new LayersResult(config.layers(), train.size(), test.size(), layers);
    }

    private Layer probe(String name, int side, FeatureSet trains, FeatureSet tests) {
      return probes.run(
          name, side, trains, tests, () -> progress.update(++done, LayersStage.label(name)));
    }

    @Override
    public void close() {
      progress.close();
    }
  }

  /**
   * The taps of each pass, in order.
   *
   * @throws IllegalStateException if the maps of one layer are more than half of the heap
   */
  static List<List<Tap>> passes(List<Tap> taps, Network network, int size, long images) {
    long heap = Runtime.getRuntime().maxMemory();
    List<List<Tap>> passes = new ArrayList<>();
    long held = Long.MAX_VALUE / 2;
    for (Tap tap : taps) {
      long bytes = Float.BYTES * images * tap.length(network, size);
      if (bytes > heap / 2) {
        throw new IllegalStateException(
            "Cannot probe %s: expected a heap of at least %s MB for %s images of %s values, got %s MB; a smaller layers.max_dim helps"
                .formatted(
                    label(tap.name()),
                    (bytes * 2) >> 20,
                    images,
                    tap.length(network, size),
                    heap >> 20));
      }
      if (held + bytes > heap / 5 * 2) {
        passes.add(new ArrayList<>());
        held = 0;
      }
      passes.get(passes.size() - 1).add(tap);
      held += bytes;
    }
    return passes;
  }

  @Override
  StageReport report(Evaluated<LayersResult> found, Path output) {
    List<Layer> trained = found.trained().layers();
    List<Layer> random = found.random().layers();
    Layer best = trained.get(0);
    for (Layer layer : trained) {
      best = layer.probeTop1() > best.probeTop1() ? layer : best;
    }
    StageReport report =
        StageReport.of(
                Group.EVAL,
                String.format(
                    Locale.ROOT,
                    "best layer %s, probe top-1 %.2f %%",
                    label(best.name()),
                    best.probeTop1()))
            .tables(table(trained, random));
    boolean sgd = found.trained().spec().epochs() > 0;
    for (int i = 0; i < trained.size(); i++) {
      report = report.measures(measures(trained.get(i), random.get(i), sgd));
    }
    long unsolved =
        trained.stream().filter(layer -> !layer.converged()).count()
            + random.stream().filter(layer -> !layer.converged()).count();
    if (unsolved > 0) {
      report =
          report.measures(
              Measure.trouble("layers_unconverged", "probes of layers not converged", true)
                  .note(
                      "%s of %s; raise probe.max_iterations or probe.tolerance, or lower layers.max_dim"
                          .formatted(unsolved, 2 * trained.size())));
    }
    Curve curve =
        new Curve(
                "layers",
                "Linear probes by layer",
                "feature (6: average pool)",
                "top-1 on the test split (%)")
            .line("converged probe", Role.MAIN, x(trained), y(trained, Layer::probeTop1))
            .line("random encoder", Role.BASELINE, x(random), y(random, Layer::probeTop1));
    if (sgd) {
      curve =
          curve
              .line("SGD with batch norm", Role.SECOND, x(trained), y(trained, Layer::sgdTop1))
              .line(
                  "random encoder's SGD",
                  Role.SECOND_BASELINE,
                  x(random),
                  y(random, Layer::sgdTop1));
    }
    return report.curves(curve);
  }

  private static Measure[] measures(Layer trained, Layer random, boolean sgd) {
    String key = label(trained.name()).replace(' ', '_');
    List<Measure> measures = new ArrayList<>();
    measures.add(
        Measure.accuracy(
                "layers_" + key + "_probe_top1",
                label(trained.name()) + " probe top-1",
                trained.probeTop1())
            .note(conditions(trained)));
    measures.add(
        Measure.accuracy(
                "random_encoder_layers_" + key + "_probe_top1",
                "random encoder's " + label(trained.name()) + " probe top-1",
                random.probeTop1())
            .note(conditions(random))
            .asBaseline());
    if (sgd) {
      measures.add(
          Measure.accuracy(
              "layers_" + key + "_sgd_top1",
              label(trained.name()) + " SGD probe top-1",
              trained.sgdTop1()));
      measures.add(
          Measure.accuracy(
                  "random_encoder_layers_" + key + "_sgd_top1",
                  "random encoder's " + label(trained.name()) + " SGD probe top-1",
                  random.sgdTop1())
              .asBaseline());
    }
    return measures.toArray(Measure[]::new);
  }

  private static String conditions(Layer layer) {
    return "%s x %s cells, %s values, C = %s"
        .formatted(layer.side(), layer.side(), layer.dim(), layer.c());
  }

  private static ResultTable table(List<Layer> trained, List<Layer> random) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      Layer layer = trained.get(i);
      Layer other = random.get(i);
      rows.add(
          List.of(
              label(layer.name()),
              layer.side() + " x " + layer.side(),
              String.valueOf(layer.dim()),
              percent(layer.probeTop1()),
              percent(other.probeTop1()),
              percent(layer.sgdTop1()),
              percent(other.sgdTop1()),
              String.valueOf(layer.c())));
    }
    return new ResultTable(
        "layers",
        "Linear probes by layer: top-1 on the test split (%)",
        List.of(
            "layer",
            "cells",
            "values",
            "converged probe",
            "random encoder",
            "SGD with batch norm",
            "random encoder's SGD",
            "C"),
        rows);
  }

  /** What benchmark pages call it. */
  private static String label(String layer) {
    return switch (layer) {
      case "stem" -> "feature1";
      case POOLED -> "average pool";
      default -> "feature" + (Integer.parseInt(layer.substring("layer".length())) + 1);
    };
  }

  private static List<Double> x(List<Layer> layers) {
    List<Double> x = new ArrayList<>();
    layers.forEach(layer -> x.add(x.size() + 1.0));
    return x;
  }

  private static List<Double> y(List<Layer> layers, ToDoubleFunction<Layer> value) {
    return layers.stream().map(value::applyAsDouble).toList();
  }

  private static String percent(double value) {
    return value < 0 ? "" : String.format(Locale.ROOT, "%.2f", value);
  }
}
