package simsiam.pipelines.stages;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import simsiam.eval.EvalJson;
import simsiam.eval.EvalReport;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnResult;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.model.engine.EngineSelection;
import simsiam.model.engine.LinearAlgebra;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stages.FeatureStore.Encoder;

/** Weighted kNN accuracy of the trained encoder and of the untrained one. */
public final class KnnStage implements Stage {
  static final String REPORT = "report.json";
  static final String RANDOM_REPORT = "random-encoder-report.json";

  @Override
  public String name() {
    return "knn";
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
    return List.of("knn");
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
    ShardedInput.require(context.config(), manifest, name());
    context.tracking().dataset(DatasetNote.of(context.config(), manifest, "eval"));
    context.tracking().uses("pretrain", EncoderModel.NAME);
    context.tracking().tag("dataset.digest", manifest.sourceFingerprint());
    FeatureStore store = new FeatureStore(context.upstream("features"), manifest);
    LinearAlgebra algebra = EngineSelection.of(context.config().train()).engine().linearAlgebra();
    KnnResult trained = evaluate(context, algebra, store, Encoder.TRAINED);
    KnnResult random = evaluate(context, algebra, store, Encoder.RANDOM);
    EvalJson.write(trained, context.output().resolve(REPORT));
    EvalJson.write(random, context.output().resolve(RANDOM_REPORT));
    EvalReport report = trained.report();
    double baseline = random.report().top1();
    context.tracking().measure("eval/knn_top1", report.top1(), 0);
    context.tracking().measure("eval/knn_top5", report.top5(), 0);
    context.tracking().metric("eval/random_encoder_knn_top1", baseline, 0);
    return StageResult.of(
            String.format(
                Locale.ROOT, "top-1 %.2f %%, random encoder %.2f %%", report.top1(), baseline))
        .with("knn_top1", report.top1())
        .with("knn_top5", report.top5())
        .with("random_encoder_knn_top1", baseline);
  }

  private static KnnResult evaluate(
      StageContext context, LinearAlgebra algebra, FeatureStore store, Encoder encoder) {
    return new KnnClassifier(
            context.config().knn(), algebra, store.read(encoder, SplitImages.TRAIN))
        .evaluate(store.read(encoder, SplitImages.TEST));
  }
}
