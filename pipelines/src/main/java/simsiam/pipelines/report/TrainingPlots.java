package simsiam.pipelines.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import simsiam.model.train.EpochRecord;
import simsiam.model.train.StepLog;

/** How a pre-training run went, over its epochs. */
final class TrainingPlots {
  private final Training training;
  private final double[] epochs;

  TrainingPlots(Training training) {
    this.training = training;
    this.epochs = of(EpochRecord::epoch);
  }

  List<Picture> all(Evaluations evaluations) {
    List<Picture> pictures = new ArrayList<>(List.of(loss(), outputStd()));
    knn(evaluations).ifPresent(pictures::add);
    pictures.add(learningRates());
    return pictures;
  }

  private Picture loss() {
    LinePlot plot = new LinePlot("Training loss", training.lossName());
    background(plot, StepLog.Row::loss);
    return plot.curve("mean of the epoch", Palette.BLUE, epochs, of(EpochRecord::loss))
        .picture("loss");
  }

  private Picture outputStd() {
    double healthy = training.healthyStd();
    LinePlot plot = new LinePlot("Output standard deviation", "std of z/|z| per channel");
    background(plot, StepLog.Row::outputStd);
    double[] y = of(EpochRecord::outputStd);
    double top = healthy;
    for (double value : y) {
      top = Math.max(top, value);
    }
    return plot.curve("mean of the epoch", Palette.BLUE, epochs, y)
        .level(
            String.format(Locale.ROOT, "healthy: 1/√d = %.4f", healthy),
            Palette.GREEN,
            Palette.DASHED,
            0,
            training.last().epoch(),
            healthy)
        .level(
            "collapsed below ½·1/√d",
            Palette.VERMILION,
            Palette.DOTTED,
            0,
            training.last().epoch(),
            healthy / 2)
        .yRange(0, 1.15 * top)
        .picture("output_std");
  }

  private Picture learningRates() {
    return new LinePlot("Learning rates", "learning rate at the epoch's last step")
        .curve("backbone and projector", Palette.BLUE, epochs, of(EpochRecord::lr))
        .curve("predictor", Palette.VERMILION, epochs, of(EpochRecord::predictorLr))
        .picture("learning_rate");
  }

  private Optional<Picture> knn(Evaluations evaluations) {
    List<EpochRecord> measured = measured(training.history());
    if (measured.isEmpty()) {
      return Optional.empty();
    }
    LinePlot plot = new LinePlot("kNN accuracy during training", "top-1 on the test split (%)");
    plot.curve(
        "this encoder",
        Palette.BLUE,
        measured.stream().mapToDouble(EpochRecord::epoch).toArray(),
        measured.stream().mapToDouble(TrainingPlots::knnTop1).toArray());
    evaluations
        .randomKnn()
        .map(random -> random.report().top1())
        .ifPresent(
            top1 ->
                plot.level(
                    String.format(Locale.ROOT, "random encoder: %.2f %%", top1),
                    Palette.GREY,
                    Palette.DASHED,
                    0,
                    training.last().epoch(),
                    top1));
    return Optional.of(plot.picture("knn"));
  }

  static List<EpochRecord> measured(List<EpochRecord> history) {
    return history.stream().filter(e -> e.evaluations().containsKey("knn_top1")).toList();
  }

  static double knnTop1(EpochRecord epoch) {
    return epoch.evaluations().get("knn_top1");
  }

  private void background(LinePlot plot, ToDoubleFunction<StepLog.Row> value) {
    StepCurve steps = new StepCurve(training, value);
    if (!steps.isEmpty()) {
      plot.background("each step", steps.x(), steps.y());
    }
  }

  private double[] of(ToDoubleFunction<EpochRecord> value) {
    return training.history().stream().mapToDouble(value).toArray();
  }
}
