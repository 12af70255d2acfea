package simsiam.pipelines.stages;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.model.engine.Engine;
import simsiam.model.engine.SiameseNet;
import simsiam.model.engine.Tensor;
import simsiam.model.load.ImageSet;
import simsiam.model.net.NetworkLayout;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.TrainingState;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.FeatureStore.Encoder;

/** Encodes both splits once with the trained encoder and once with the same network untrained. */
public final class FeaturesStage implements Stage {
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

  /** All that matters is in the checkpoint. */
  @Override
  public List<String> configKeys() {
    return List.of();
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
    Engine engine = EvaluationEngine.of(context.config());
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
    return StageReport.of(
            Group.DATA,
            String.format(Locale.ROOT, "%,d images, %d channels", train.size() + test.size(), dim))
        .measures(Measure.count("feature_dim", "channels of a feature", dim));
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
      SortedMap<String, Tensor> weights =
          encoder == Encoder.TRAINED
              ? checkpoint.weights()
              : NetworkLayout.of(state.network()).initialise(state.seed());
      try (SiameseNet net = engine.create(state.network(), weights)) {
        long done = one(encoder, net, SplitImages.TRAIN, train, doneBefore, progress);
        return one(encoder, net, SplitImages.TEST, test, done, progress);
      }
    }

    private long one(
        Encoder encoder,
        SiameseNet net,
        String split,
        ImageSet images,
        long doneBefore,
        Progress progress) {
      int dim = state.network().encoder().featureDim();
      try (FeatureStore.Writer writer = store.writer(encoder, split, dim, context.fingerprint())) {
        new Encoding(state.augment(), manifest.classNames())
            .extractor(net)
            .extract(images, writer, done -> progress.update(doneBefore + done));
        writer.commit();
      }
      return doneBefore + images.size();
    }
  }
}
