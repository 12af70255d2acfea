package simsiam.pipelines.stages.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.linear.AugmentedLinear;
import simsiam.eval.linear.AugmentedLinearSpec;
import simsiam.eval.linear.LinearEpoch;
import simsiam.eval.linear.LinearResult;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.EvalTransform;
import simsiam.model.data.Manifest;
import simsiam.model.engine.Engine;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageSet;
import simsiam.model.load.ImageSubset;
import simsiam.model.train.Checkpoint;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.evaluate.FeatureStore.Encoder;
import simsiam.pipelines.stages.pretrain.Encoding;
import simsiam.pipelines.stages.pretrain.PretrainStage;

/**
 * Linear evaluation on augmented images, of the trained encoder and of the untrained one; goes on
 * after the first of them if it was interrupted in the second.
 */
public final class LinearAugmentedStage extends FeatureEvaluation<LinearResult> {
  public LinearAugmentedStage() {
    super(LinearResult.class);
  }

  @Override
  public String name() {
    return "linear_augmented";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean enabled(RunConfig config) {
    return config.linearAugmented().epochs() > 0;
  }

  @Override
  public String enabledBy() {
    return "linear_augmented.epochs";
  }

  /** The encoders, and beside the labels the features of the test split. */
  @Override
  public List<String> upstream() {
    return List.of("shard", "pretrain", "features");
  }

  @Override
  public List<String> configKeys() {
    return List.of("linear_augmented", "seed");
  }

  @Override
  public boolean resumable() {
    return true;
  }

  @Override
  Evaluated<LinearResult> evaluate(StageContext context, Manifest manifest, FeatureStore store)
      throws IOException {
    Path shards = context.upstream("shard");
    int[] labels = store.labels(SplitImages.TRAIN);
    int[] labelled =
        IntStream.range(0, labels.length)
            .filter(i -> labels[i] != FeatureSet.UNKNOWN_LABEL)
            .toArray();
    ImageSet all = SplitImages.read(shards, manifest, SplitImages.TRAIN);
    ImageSet train = labelled.length == labels.length ? all : new ImageSubset(all, labelled);
    Checkpoint checkpoint = PretrainStage.lastCheckpoint(context.upstream("pretrain"));
    AugmentedLinearSpec spec = context.config().linearAugmented();
    FinishedFits fits = new FinishedFits(context.output());
    long each = AugmentedLinear.images(spec, train.size());
    long before = fits.has(Fit.name(Encoder.TRAINED)) ? each : 0;
    try (Progress progress = context.progress("images", 2 * each - before)) {
      Fit fit = new Fit(context, manifest, store, checkpoint, train, labels.length - train.size());
      return new Evaluated<>(
          fits.result(
              Fit.name(Encoder.TRAINED),
              LinearResult.class,
              () -> fit.of(Encoder.TRAINED, 0, progress)),
          fits.result(
              Fit.name(Encoder.RANDOM),
              LinearResult.class,
              () -> fit.of(Encoder.RANDOM, each - before, progress)));
    }
  }

  private record Fit(
      StageContext context,
      Manifest manifest,
      FeatureStore store,
      Checkpoint checkpoint,
      ImageSet train,
      int unlabelled) {

    static String name(Encoder encoder) {
      return encoder.name().toLowerCase(Locale.ROOT);
    }

    LinearResult of(Encoder encoder, long before, Progress progress) {
      RunConfig config = context.config();
      Engine engine = EvaluationEngine.of(config);
      AugmentSpec augment = checkpoint.state().augment();
      try (TrainingNet net =
          engine.create(checkpoint.state().network(), encoder.weights(checkpoint))) {
        return new AugmentedLinear(
                config.linearAugmented(),
                augment,
                engine.linearAlgebra(),
                config.seed(),
                Runtime.getRuntime().availableProcessors())
            .run(net, train, unlabelled, test(encoder, net), new Told(encoder, before, progress));
      }
    }

    /** The features that are there, unless test images are to be resized in another way. */
    private FeatureSet test(Encoder encoder, TrainingNet net) {
      AugmentedLinearSpec spec = context.config().linearAugmented();
      if (spec.testResize() == 0) {
        return store.read(encoder, SplitImages.TEST);
      }
      ImageSet images = SplitImages.read(context.upstream("shard"), manifest, SplitImages.TEST);
      return new Encoding(checkpoint.state().augment(), manifest.labelSpace())
          .extractor(net, new EvalTransform.Resize(spec.testResize(), spec.interpolation()))
          .extract(images, manifest.labelSpace(), done -> {});
    }

    /** Shows how it goes. */
    private final class Told implements AugmentedLinear.Listener {
      private final Encoder encoder;
      private final long before;
      private final Progress progress;
      private String latest = "";

      Told(Encoder encoder, long before, Progress progress) {
        this.encoder = encoder;
        this.before = before;
        this.progress = progress;
      }

      @Override
      public void encoded(long images) {
        progress.update(before + images, latest);
      }

      @Override
      public void epoch(LinearEpoch epoch) {
        latest =
            String.format(Locale.ROOT, "epoch %d, top-1 %.2f %%", epoch.epoch(), epoch.testTop1());
        if (encoder == Encoder.TRAINED) {
          LinearReport.log(context.tracking(), "linear_augmented", epoch);
        }
      }
    }
  }

  @Override
  StageReport report(Evaluated<LinearResult> found, Path output) {
    return new LinearReport(
            "linear_augmented", "augmented linear", "Linear evaluation with augmentation")
        .of(found, "random crops and flips, " + LinearReport.training(found.trained()));
  }
}
