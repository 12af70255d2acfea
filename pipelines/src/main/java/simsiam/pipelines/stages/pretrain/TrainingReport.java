package simsiam.pipelines.stages.pretrain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Similarity;
import simsiam.model.train.EpochRecord;
import simsiam.model.train.StepLog;
import simsiam.model.train.TrainingState;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Curve.Role;
import simsiam.pipelines.result.Fact;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.Measure.Better;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;

/** How a pre-training went, from the state it ended with and its table of steps. */
public final class TrainingReport {
  /** Points of a curve over steps: more than a plot can show are averaged. */
  private static final int MOST_POINTS = 1500;

  /** The curve of kNN accuracy, to which the kNN stage adds the untrained encoder's. */
  public static final String KNN_CURVE = "knn";

  private final TrainingState state;
  private final List<StepLog.Row> steps;
  private final List<EpochRecord> history;
  private final EpochRecord last;

  private TrainingReport(TrainingState state, List<StepLog.Row> steps) {
    this.state = state;
    this.steps = steps;
    this.history = state.history();
    if (history.isEmpty()) {
      throw new IllegalArgumentException("Cannot report training: expected an epoch, got none");
    }
    this.last = history.get(history.size() - 1);
  }

  static StageReport of(TrainingState state, List<StepLog.Row> steps) {
    return new TrainingReport(state, steps).report();
  }

  private StageReport report() {
    MonitorReport monitors = new MonitorReport(history);
    String headline =
        format(
            "loss %.3f, output std %.4f, collapse level %.2f%s",
            last.loss(),
            last.outputStd(),
            last.collapseLevel(),
            last.collapsed() ? " (collapsed)" : "");
    return StageReport.of(Group.FINAL, headline)
        .facts(facts())
        .measures(measures())
        .measures(monitors.measures())
        .curves(loss(), outputStd(), knn(), learningRates())
        .curves(monitors.curves());
  }

  private Fact[] facts() {
    NetworkSpec network = state.network();
    return new Fact[] {
      new Fact(
          "network",
          format(
              "%s, %s stem, width %d, projector %d x %d, predictor %s",
              lower(network.encoder().arch()),
              lower(network.encoder().stem()),
              network.encoder().width(),
              network.projector().layers(),
              network.projector().dim(),
              lower(network.predictor().kind()))),
      new Fact(
          "training",
          format(
              "%d epochs of batch %d, base rate %s",
              state.train().epochs(), state.train().batchSize(), state.train().baseLr())),
      new Fact("engine", state.engine()),
      new Fact("seed", String.valueOf(state.seed()))
    };
  }

  private Measure[] measures() {
    return new Measure[] {
      Measure.number("final_loss", "loss", last.loss())
          .note(lossName() + ", mean of the last epoch")
          .better(Better.LOWER)
          .asHeadline(),
      Measure.number("final_output_std", "output std", last.outputStd())
          .note(
              format(
                  "%.2f of the healthy 1/√d = %.5f (d = %d)",
                  last.outputStd() * sqrtDim(), 1 / sqrtDim(), state.network().projector().dim()))
          .better(Better.HIGHER)
          .asHeadline(),
      Measure.trouble("collapsed", "collapsed", last.collapsed())
          .note(
              format("collapse level %.2f, collapsed above 0.50", last.collapseLevel())
                  + (last.collapsed()
                      ? ": the encoder gives nearly the same output for every image"
                      : ""))
          .asHeadline(),
      Measure.number("collapse_level", "collapse level", last.collapseLevel())
          .note("1 - std·√d: 0 when outputs are spread out, 1 when they are all the same")
          .better(Better.LOWER),
      Measure.count("epochs", "epochs", last.epoch())
          .note(format("%,d optimiser steps", last.step())),
      Measure.speed("images_per_second", "training speed", medianSpeed())
          .note("median over the epochs")
    };
  }

  private double medianSpeed() {
    double[] sorted = history.stream().mapToDouble(EpochRecord::imagesPerSecond).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private String lossName() {
    return state.network().objective().similarity() == Similarity.COSINE
        ? "negative cosine similarity"
        : "cross-entropy of softmax outputs";
  }

  private double sqrtDim() {
    return Math.sqrt(state.network().projector().dim());
  }

  private Curve loss() {
    Curve curve = overSteps(curve("loss", "Training loss", lossName()), StepLog.Row::loss, 1);
    return main(curve, "mean of the epoch", EpochRecord::loss).asHeadline();
  }

  private Curve outputStd() {
    String label = "std of z/|z| per channel, times √d";
    Curve curve = curve("output_std", "Output standard deviation", label);
    curve = overSteps(curve, StepLog.Row::outputStd, sqrtDim());
    return main(curve, "mean of the epoch", epoch -> epoch.outputStd() * sqrtDim())
        .level("healthy", Role.GOOD, 1)
        .level("collapsed below", Role.LIMIT, 0.5)
        .scaled(Curve.Scale.FROM_ZERO)
        .asHeadline();
  }

  private Curve knn() {
    Curve curve = curve(KNN_CURVE, "kNN accuracy during training", "top-1 on the test split (%)");
    List<EpochRecord> measured =
        history.stream().filter(epoch -> epoch.evaluations().containsKey("knn_top1")).toList();
    return measured.isEmpty()
        ? curve
        : curve
            .line(
                "this encoder",
                Role.MAIN,
                values(measured, EpochRecord::epoch),
                values(measured, epoch -> epoch.evaluations().get("knn_top1")))
            .asHeadline();
  }

  private Curve learningRates() {
    Curve curve =
        curve("learning_rate", "Learning rates", "learning rate at the epoch's last step");
    return main(curve, "backbone and projector", EpochRecord::lr)
        .line(
            "predictor",
            Role.SECOND,
            values(history, EpochRecord::epoch),
            values(history, EpochRecord::predictorLr));
  }

  private static Curve curve(String name, String title, String yLabel) {
    return new Curve(name, title, "epoch", yLabel);
  }

  private Curve main(Curve curve, String label, ToDoubleFunction<EpochRecord> value) {
    return curve.line(
        label, Role.MAIN, values(history, EpochRecord::epoch), values(history, value));
  }

  private static List<Double> values(
      List<EpochRecord> epochs, ToDoubleFunction<EpochRecord> value) {
    return epochs.stream().map(value::applyAsDouble).toList();
  }

  /** Adds the optimiser steps as a pale line, thinned by averaging to what a plot can show. */
  private Curve overSteps(Curve curve, ToDoubleFunction<StepLog.Row> value, double factor) {
    int points = Math.min(MOST_POINTS, steps.size());
    if (points == 0) {
      return curve;
    }
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      int from = (int) ((long) i * steps.size() / points);
      int to = (int) ((long) (i + 1) * steps.size() / points);
      List<StepLog.Row> rows = steps.subList(from, to);
      x.add(rows.stream().mapToDouble(row -> epochOf(row.step())).average().orElseThrow());
      y.add(factor * rows.stream().mapToDouble(value).average().orElseThrow());
    }
    return curve.line("each step", Role.BACKGROUND, x, y);
  }

  /** The epoch, counted from 0 with fractions, at the end of an optimiser step. */
  private double epochOf(long step) {
    return (double) step * last.epoch() / last.step();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
