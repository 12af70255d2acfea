package simsiam.pipelines.stages.evaluate;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import simsiam.eval.linear.LinearProbe;
import simsiam.eval.linear.LinearResult;
import simsiam.eval.linear.LinearSpec;
import simsiam.model.data.Manifest;
import simsiam.model.engine.LinearAlgebra;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.evaluate.FeatureStore.Encoder;

/** Linear evaluation of the trained encoder and of the untrained one. */
public final class LinearStage extends FeatureEvaluation<LinearResult> {
  public LinearStage() {
    super(LinearResult.class);
  }

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean enabled(RunConfig config) {
    return !config.dataset().multiLabel();
  }

  @Override
  public String enabledBy() {
    return INSTEAD;
  }

  @Override
  public List<String> configKeys() {
    return List.of("linear", "seed");
  }

  @Override
  Evaluated<LinearResult> evaluate(StageContext context, Manifest manifest, FeatureStore store) {
    LinearSpec spec = context.config().linear();
    try (Progress progress = context.progress("epochs", 2L * spec.epochs())) {
      return new Evaluated<>(
          probe(context, store, Encoder.TRAINED, 0, progress),
          probe(context, store, Encoder.RANDOM, spec.epochs(), progress));
    }
  }

  private static LinearResult probe(
      StageContext context, FeatureStore store, Encoder encoder, int before, Progress progress) {
    LinearAlgebra algebra = EvaluationEngine.of(context.config()).linearAlgebra();
    return new LinearProbe(context.config().linear(), algebra, context.config().seed())
        .run(
            store.read(encoder, SplitImages.TRAIN),
            store.read(encoder, SplitImages.TEST),
            epoch -> {
              progress.update(
                  before + epoch.epoch(),
                  String.format(Locale.ROOT, "top-1 %.2f %%", epoch.testTop1()));
              if (encoder == Encoder.TRAINED) {
                LinearReport.log(context.tracking(), "linear", epoch);
              }
            });
  }

  @Override
  StageReport report(Evaluated<LinearResult> found, Path output) {
    LinearResult trained = found.trained();
    return new LinearReport("linear", "linear", "Linear probe")
        .of(found, LinearReport.training(trained))
        .measures(SgdOptimum.loss(trained))
        .measures(SgdOptimum.worseThanChance(trained).stream().toArray(Measure[]::new));
  }
}
