package simsiam.pipelines.stages.evaluate;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import simsiam.eval.linear.LinearEpoch;
import simsiam.eval.linear.LinearResult;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Curve.Role;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.StageTracking;

/**
 * What a linear layer trained for some epochs tells, by whichever protocol.
 *
 * @param key of its measures: {@code linear}
 * @param name in labels
 * @param title of its pictures
 */
record LinearReport(String key, String name, String title) {
  /** How a layer was trained, in words. */
  static String training(LinearResult result) {
    return String.format(
        Locale.ROOT,
        "%s, rate %s, batch %d, %d epochs",
        result.spec().optimizer().name(),
        result.spec().lr(),
        result.spec().batchSize(),
        result.spec().epochs());
  }

  /** Logs an epoch as points of curves named after the stage. */
  static void log(StageTracking tracking, String stage, LinearEpoch epoch) {
    tracking.metric(stage + "/train_loss", epoch.trainLoss(), epoch.epoch());
    tracking.metric(stage + "/test_top1", epoch.testTop1(), epoch.epoch());
    tracking.metric(stage + "/lr", epoch.lr(), epoch.epoch());
  }

  /**
   * The report.
   *
   * @param how the layer was trained
   */
  StageReport of(Evaluated<LinearResult> found, String how) {
    LinearResult trained = found.trained();
    LinearResult random = found.random();
    double top1 = trained.last().top1();
    double best = trained.best().top1();
    double untrained = random.last().top1();
    String note =
        String.format(
            Locale.ROOT,
            "%s, %,d train images, %s",
            how,
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
            Measure.accuracy(key + "_top1", name + " top-1", top1)
                .note(note + ", last epoch")
                .asHeadline(),
            Measure.accuracy(key + "_top5", name + " top-5", trained.last().top5())
                .note(note + ", last epoch"),
            Measure.accuracy(key + "_best_top1", name + " top-1, best epoch", best).note(chosen),
            Measure.accuracy(
                    "random_encoder_" + key + "_top1",
                    "random encoder's " + name + " top-1",
                    untrained)
                .note("the same encoder before training, last epoch")
                .asBaseline())
        .tables(ClassReport.table(name, trained.last()))
        .curves(accuracy(trained, random), loss(trained, random))
        .matrices(ClassReport.confusion(key, title.toLowerCase(Locale.ROOT), trained.last()));
  }

  private Curve accuracy(LinearResult trained, LinearResult random) {
    Curve curve =
        new Curve(key + "_top1", title + ": accuracy", "epoch", "top-1 on the test split (%)");
    double best = trained.best().top1();
    return lines(curve, trained, random, LinearEpoch::testTop1)
        .level(String.format(Locale.ROOT, "best: %.2f %%", best), Role.GOOD, best);
  }

  private Curve loss(LinearResult trained, LinearResult random) {
    Curve curve =
        new Curve(key + "_loss", title + ": training loss", "epoch", "cross-entropy (nats)");
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
