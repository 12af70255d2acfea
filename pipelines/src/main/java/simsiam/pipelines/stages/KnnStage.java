package simsiam.pipelines.stages;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnResult;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.train.EngineSelection;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stages.FeatureStore.Encoder;

/** Weighted kNN accuracy of the trained encoder and of the untrained one. */
public final class KnnStage implements Stage {
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
  public List<Violation> check(RunConfig config, Set<String> selected) {
    return SourceCheck.labels(config);
  }

  @Override
  public List<Violation> checkInputs(RunConfig config, Map<String, Path> upstream) {
    return ShardedInput.violations(config, upstream, name());
  }

  @Override
  public StageReport run(StageContext context) throws IOException {
    Manifest manifest = Manifest.read(context.upstream("shard"));
    if (manifest.classNames().isEmpty()) {
      return StageReport.of(Group.EVAL, "skipped: the images have no labels");
    }
    ShardedInput.require(context.config(), manifest, name());
    context.tracking().dataset(DatasetNote.of(context.config(), manifest, "eval"));
    context.tracking().uses("pretrain", EncoderModel.NAME);
    context.tracking().tag("dataset.digest", manifest.sourceFingerprint());
    FeatureStore store = new FeatureStore(context.upstream("features"), manifest);
    LinearAlgebra algebra = EngineSelection.of(context.config().train()).engine().linearAlgebra();
    KnnResult trained = evaluate(context, algebra, store, Encoder.TRAINED);
    KnnResult random = evaluate(context, algebra, store, Encoder.RANDOM);
    Evaluated<KnnResult> found = new Evaluated<>(trained, random);
    found.write(context.output());
    return report(found);
  }

  @Override
  public StageReport reportOf(Path output, StageResult result) throws IOException {
    return Evaluated.read(output, KnnResult.class)
        .map(KnnStage::report)
        .orElseGet(() -> StageReport.of(Group.EVAL, result.headline()));
  }

  private static KnnResult evaluate(
      StageContext context, LinearAlgebra algebra, FeatureStore store, Encoder encoder) {
    return new KnnClassifier(
            context.config().knn(), algebra, store.read(encoder, SplitImages.TRAIN))
        .evaluate(store.read(encoder, SplitImages.TEST));
  }

  private static StageReport report(Evaluated<KnnResult> found) {
    KnnResult trained = found.trained();
    KnnResult random = found.random();
    double top1 = trained.report().top1();
    double untrained = random.report().top1();
    String note =
        String.format(
            Locale.ROOT,
            "k = %d, T = %s, bank of %,d images, %s",
            trained.k(),
            trained.temperature(),
            trained.bank(),
            ClassReport.tested(trained.report()));
    return StageReport.of(
            Group.EVAL,
            String.format(Locale.ROOT, "top-1 %.2f %%, random encoder %.2f %%", top1, untrained))
        .measures(
            Measure.accuracy("knn_top1", "kNN top-1", top1).note(note).asHeadline(),
            Measure.accuracy("random_encoder_knn_top1", "random encoder's kNN top-1", untrained)
                .note("the same encoder before training")
                .asHeadline()
                .asBaseline(),
            Measure.accuracy("knn_top5", "kNN top-5", trained.report().top5()).note(note),
            Measure.gain("knn_gain", "kNN gain over the random encoder", top1 - untrained)
                .note("kNN top-1"))
        .tables(ClassReport.table("kNN", trained.report()))
        .curves(
            new Curve(TrainingReport.KNN_CURVE, "", "", "")
                .level(
                    String.format(Locale.ROOT, "random encoder: %.2f %%", untrained),
                    Curve.Role.BASELINE,
                    untrained))
        .matrices(ClassReport.confusion("knn", "kNN", trained.report()));
  }
}
