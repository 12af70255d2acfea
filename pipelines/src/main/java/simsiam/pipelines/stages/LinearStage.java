package simsiam.pipelines.stages;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import simsiam.eval.linear.LinearEpoch;
import simsiam.eval.linear.LinearProbe;
import simsiam.eval.linear.LinearResult;
import simsiam.eval.linear.LinearSpec;
import simsiam.model.data.Manifest;
import simsiam.model.engine.LinearAlgebra;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Curve.Role;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.FeatureStore.Encoder;

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
                log(context, epoch);
              }
            });
  }

  private static void log(StageContext context, LinearEpoch epoch) {
    context.tracking().metric("linear/train_loss", epoch.trainLoss(), epoch.epoch());
    context.tracking().metric("linear/test_top1", epoch.testTop1(), epoch.epoch());
    context.tracking().metric("linear/lr", epoch.lr(), epoch.epoch());
  }

  @Override
  StageReport report(Evaluated<LinearResult> found, Path output) {
    LinearResult trained = found.trained();
    LinearResult random = found.random();
    double top1 = trained.last().top1();
    double best = trained.best().top1();
    double untrained = random.last().top1();
    String note =
        String.format(
            Locale.ROOT,
            "SGD, rate %s, batch %d, %d epochs, %,d train images, %s",
            trained.spec().lr(),
            trained.spec().batchSize(),
            trained.spec().epochs(),
            trained.train(),
            ClassReport.tested(trained.last()));
    String chosen =
        String.format(Locale.ROOT, "epoch %d, chosen on the test split", trained.bestEpoch());
    return StageReport.of(
            Group.EVAL,
            String.format(
                Locale.ROOT,
                "top-1 %.2f %% (best epoch %.2f %%), random encoder %.2f %%",
                top1,
                best,
                untrained))
        .measures(
            Measure.accuracy("linear_top1", "linear top-1", top1)
                .note(note + ", last epoch")
                .asHeadline(),
            Measure.accuracy("linear_top5", "linear top-5", trained.last().top5())
                .note(note + ", last epoch"),
            Measure.accuracy("linear_best_top1", "linear top-1, best epoch", best).note(chosen),
            Measure.accuracy(
                    "random_encoder_linear_top1", "random encoder's linear top-1", untrained)
                .note("the same encoder before training, last epoch")
                .asBaseline(),
            SgdOptimum.loss(trained))
        .measures(SgdOptimum.worseThanChance(trained).stream().toArray(Measure[]::new))
        .tables(ClassReport.table("linear", trained.last()))
        .curves(accuracy(trained, random), loss(trained, random))
        .matrices(ClassReport.confusion("linear", "linear probe", trained.last()));
  }

  private static Curve accuracy(LinearResult trained, LinearResult random) {
    Curve curve =
        new Curve("linear_top1", "Linear probe: accuracy", "epoch", "top-1 on the test split (%)");
    double best = trained.best().top1();
    return lines(curve, trained, random, LinearEpoch::testTop1)
        .level(String.format(Locale.ROOT, "best: %.2f %%", best), Role.GOOD, best);
  }

  private static Curve loss(LinearResult trained, LinearResult random) {
    Curve curve =
        new Curve("linear_loss", "Linear probe: training loss", "epoch", "cross-entropy (nats)");
    Curve drawn = lines(curve, trained, random, LinearEpoch::trainLoss);
    return spansDecades(trained) ? drawn.scaled(Curve.Scale.LOGARITHMIC) : drawn;
  }

  private static Curve lines(
      Curve curve, LinearResult trained, LinearResult random, ToDoubleFunction<LinearEpoch> value) {
    return curve
        .line(
            "random encoder",
            Role.BASELINE,
            values(random, LinearEpoch::epoch),
            values(random, value))
        .line(
            "this encoder", Role.MAIN, values(trained, LinearEpoch::epoch), values(trained, value));
  }

  private static List<Double> values(LinearResult result, ToDoubleFunction<LinearEpoch> value) {
    return result.curve().stream().map(value::applyAsDouble).toList();
  }

  /** At rate 30 the first epochs' loss can be a hundred times the last's. */
  private static boolean spansDecades(LinearResult result) {
    double[] losses =
        result.curve().stream().mapToDouble(LinearEpoch::trainLoss).sorted().toArray();
    return losses[0] > 0 && losses[losses.length - 1] > 20 * losses[0];
  }
}
