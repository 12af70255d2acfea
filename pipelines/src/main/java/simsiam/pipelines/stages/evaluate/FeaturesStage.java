package simsiam.pipelines.stages.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import simsiam.eval.embed.Spectrum;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageSet;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.TrainingState;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.data.DatasetNote;
import simsiam.pipelines.stages.data.ShardedInput;
import simsiam.pipelines.stages.data.SourceCheck;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.evaluate.FeatureStore.Encoder;
import simsiam.pipelines.stages.evaluate.FeatureStore.Head;
import simsiam.pipelines.stages.pretrain.EncoderModel;
import simsiam.pipelines.stages.pretrain.Encoding;
import simsiam.pipelines.stages.pretrain.PretrainStage;

/** Encodes both splits once with the trained encoder and once with the same network untrained. */
public final class FeaturesStage implements Stage {
  static final String SPECTRUM = "spectrum";

  /** Test images whose features the spectrum is of: several for each channel, and soon read. */
  private static final int MOST_IMAGES = 5_000;

  private static final double DIGITS = 1e4;

  @Override
  public String name() {
    return "features";
  }

  @Override
  public int version() {
    return 2; // 2: convolutions by oneDNN itself, whose sums have another order
  }

  @Override
  public List<String> upstream() {
    return List.of("shard", "pretrain");
  }

  /** All else that matters is in the checkpoint. */
  @Override
  public List<String> configKeys() {
    return List.of("features.precision");
  }

  @Override
  public void requireMachine(RunConfig config) {
    if (config.features().precision() != Precision.FP32) {
      EvaluationEngine.ofFeatures(config);
    }
  }

  @Override
  public List<Violation> check(RunConfig config, Set<String> selected) {
    return SourceCheck.noTestSplit(config);
  }

  @Override
  public List<Violation> checkInputs(RunConfig config, Map<String, Path> upstream) {
    return ShardedInput.violations(config, upstream, name());
  }

  @Override
  public StageReport run(StageContext context) {
    Manifest manifest = Manifest.read(context.upstream("shard"));
    ShardedInput.require(context.config(), manifest, name());
    context.tracking().dataset(DatasetNote.of(context.config(), manifest, "eval"));
    context.tracking().uses("pretrain", EncoderModel.NAME);
    context.tracking().tag("dataset.digest", manifest.sourceFingerprint());
    Checkpoint checkpoint = PretrainStage.lastCheckpoint(context.upstream("pretrain"));
    TrainingState state = checkpoint.state();
    Engine engine = EvaluationEngine.ofFeatures(context.config());
    FeatureStore store = new FeatureStore(context.output(), manifest);
    Job job = new Job(context, engine, state, manifest, store);
    ImageSet train = SplitImages.read(context.upstream("shard"), manifest, SplitImages.TRAIN);
    ImageSet test = SplitImages.read(context.upstream("shard"), manifest, SplitImages.TEST);
    try (Progress progress = context.progress("images", 2L * (train.size() + test.size()))) {
      long done = 0;
      for (Encoder encoder : Encoder.values()) {
        done = job.encode(encoder, checkpoint, train, test, done, progress);
      }
    }
    int dim = state.network().encoder().featureDim();
    StageReport report =
        StageReport.of(
                Group.DATA,
                String.format(
                    Locale.ROOT, "%,d images, %d channels", train.size() + test.size(), dim))
            .measures(Measure.count("feature_dim", "channels of a feature", dim));
    return completed(report, context.output());
  }

  @Override
  public StageReport completed(StageReport report, Path output) {
    if (report.curves().stream().anyMatch(curve -> curve.name().equals(SPECTRUM))) {
      return report;
    }
    Curve spectrum =
        new Curve(
                SPECTRUM,
                "Spectrum of the features",
                "index, the largest first",
                "log10 of singular value")
            .asHeadline();
    spectrum = with(spectrum, "trained encoder", Curve.Role.MAIN, head(output, Encoder.TRAINED));
    spectrum = with(spectrum, "random encoder", Curve.Role.BASELINE, head(output, Encoder.RANDOM));
    return report.curves(spectrum);
  }

  private static Head head(Path output, Encoder encoder) {
    return FeatureStore.head(output, encoder, SplitImages.TEST, MOST_IMAGES);
  }

  /** A line of the logarithms; none of features that are all the same. */
  private static Curve with(Curve curve, String label, Curve.Role role, Head features) {
    double[] values = Spectrum.of(features.features(), features.dim()).values();
    if (values.length == 0) {
      return curve;
    }
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      x.add(i + 1.0);
      y.add(Math.rint(Math.log10(values[i]) * DIGITS) / DIGITS);
    }
    return curve.line(label, role, x, y);
  }

  private record Job(
      StageContext context,
      Engine engine,
      TrainingState state,
      Manifest manifest,
      FeatureStore store) {

    long encode(
        Encoder encoder,
        Checkpoint checkpoint,
        ImageSet train,
        ImageSet test,
        long doneBefore,
        Progress progress) {
      try (TrainingNet net = engine.create(state.network(), encoder.weights(checkpoint))) {
        long done = one(encoder, net, SplitImages.TRAIN, train, doneBefore, progress);
        return one(encoder, net, SplitImages.TEST, test, done, progress);
      }
    }

    private long one(
        Encoder encoder,
        TrainingNet net,
        String split,
        ImageSet images,
        long doneBefore,
        Progress progress) {
      try (FeatureStore.Writer writer =
          store.writer(encoder, split, state.network().encoder(), context.fingerprint())) {
        new Encoding(state.augment(), manifest.labelSpace())
            .extractor(net)
            .extract(images, writer, done -> progress.update(doneBefore + done));
        writer.commit();
      }
      return doneBefore + images.size();
    }
  }
}
