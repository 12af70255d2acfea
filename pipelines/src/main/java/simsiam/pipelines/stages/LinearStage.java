package simsiam.pipelines.stages;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import simsiam.eval.EvalJson;
import simsiam.eval.linear.LinearEpoch;
import simsiam.eval.linear.LinearProbe;
import simsiam.eval.linear.LinearResult;
import simsiam.eval.linear.LinearSpec;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.model.engine.EngineSelection;
import simsiam.model.engine.LinearAlgebra;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stages.FeatureStore.Encoder;

/** Linear evaluation of the trained encoder and of the untrained one. */
public final class LinearStage implements Stage {
  static final String REPORT = "report.json";
  static final String RANDOM_REPORT = "random-encoder-report.json";

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<String> upstream() {
    return List.of("shard", "features");
  }

  @Override
  public List<String> configKeys() {
    return List.of("linear", "seed");
  }

  @Override
  public List<Violation> checkInputs(RunConfig config, Map<String, Path> upstream) {
    return ShardedInput.violations(config, upstream, name());
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    Manifest manifest = Manifest.read(context.upstream("shard"));
    if (manifest.classNames().isEmpty()) {
      return StageResult.of("skipped: the images have no labels");
    }
    context.tracking().dataset(DatasetNote.of(context.config(), manifest, "eval"));
    context.tracking().uses("pretrain", EncoderModel.NAME);
    context.tracking().tag("dataset.digest", manifest.sourceFingerprint());
    FeatureStore store = new FeatureStore(context.upstream("features"), manifest);
    LinearSpec spec = context.config().linear();
    LinearResult trained;
    LinearResult random;
    try (Progress progress = context.progress("epochs", 2L * spec.epochs())) {
      trained = probe(context, store, Encoder.TRAINED, 0, progress);
      random = probe(context, store, Encoder.RANDOM, spec.epochs(), progress);
    }
    EvalJson.write(trained, context.output().resolve(REPORT));
    EvalJson.write(random, context.output().resolve(RANDOM_REPORT));
    double baseline = random.last().top1();
    context.tracking().measure("eval/linear_top1", trained.last().top1(), 0);
    context.tracking().measure("eval/linear_top5", trained.last().top5(), 0);
    context.tracking().measure("eval/linear_best_top1", trained.best().top1(), 0);
    context.tracking().metric("eval/random_encoder_linear_top1", baseline, 0);
    return StageResult.of(
            String.format(
                Locale.ROOT,
                "top-1 %.2f %% (best epoch %.2f %%), random encoder %.2f %%",
                trained.last().top1(),
                trained.best().top1(),
                baseline))
        .with("linear_top1", trained.last().top1())
        .with("linear_top5", trained.last().top5())
        .with("linear_best_top1", trained.best().top1())
        .with("random_encoder_linear_top1", baseline);
  }

  private static LinearResult probe(
      StageContext context, FeatureStore store, Encoder encoder, int before, Progress progress) {
    LinearAlgebra algebra = EngineSelection.of(context.config().train()).engine().linearAlgebra();
    return new LinearProbe(context.config().linear(), algebra, context.config().seed())
        .run(
            store.read(encoder, SplitImages.TRAIN),
            store.read(encoder, SplitImages.TEST),
            epoch -> {
              progress.update(
                  before + epoch.epoch(),
                  String.format(Locale.ROOT, "top-1 %.2f %%", epoch.testTop1()));
              if (encoder == Encoder.TRAINED) {
                log(context, epoch);
              }
            });
  }

  private static void log(StageContext context, LinearEpoch epoch) {
    context.tracking().metric("linear/train_loss", epoch.trainLoss(), epoch.epoch());
    context.tracking().metric("linear/test_top1", epoch.testTop1(), epoch.epoch());
    context.tracking().metric("linear/lr", epoch.lr(), epoch.epoch());
  }
}
