package simsiam.pipelines.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import simsiam.eval.EvalReport;
import simsiam.eval.knn.KnnResult;
import simsiam.eval.linear.LinearResult;
import simsiam.model.train.EpochRecord;

/** The result table of a run; lines for what was not measured are left out. */
final class Measures {
  private final List<Measure> lines = new ArrayList<>();

  private Measures() {}

  static List<Measure> of(ReportInput input) {
    Measures measures = new Measures();
    measures.knn(input.evaluations());
    measures.linear(input.evaluations());
    measures.training(input.training());
    return List.copyOf(measures.lines);
  }

  private void knn(Evaluations evaluations) {
    evaluations
        .knn()
        .ifPresent(
            knn -> {
              percent("knn_top1", "kNN top-1", knn.report().top1(), knnNote(knn));
              percent("knn_top5", "kNN top-5", knn.report().top5(), knnNote(knn));
            });
    evaluations
        .randomKnn()
        .ifPresent(
            random -> {
              percent(
                  "random_encoder_knn_top1",
                  "kNN top-1, random encoder",
                  random.report().top1(),
                  "the same encoder before training");
            });
    if (evaluations.knn().isPresent() && evaluations.randomKnn().isPresent()) {
      points(
          "knn_gain",
          "kNN gain over the random encoder",
          evaluations.knn().get().report().top1() - evaluations.randomKnn().get().report().top1());
    }
  }

  private void linear(Evaluations evaluations) {
    evaluations
        .linear()
        .ifPresent(
            linear -> {
              percent(
                  "linear_top1",
                  "linear top-1, last epoch",
                  linear.last().top1(),
                  probeNote(linear));
              percent(
                  "linear_top5",
                  "linear top-5, last epoch",
                  linear.last().top5(),
                  probeNote(linear));
              percent(
                  "linear_best_top1",
                  "linear top-1, best epoch",
                  linear.best().top1(),
                  "epoch %s, chosen on the test split".formatted(linear.bestEpoch()));
            });
    evaluations
        .randomLinear()
        .ifPresent(
            random -> {
              percent(
                  "random_encoder_linear_top1",
                  "linear top-1, last epoch, random encoder",
                  random.last().top1(),
                  "the same encoder before training");
            });
  }

  private void training(Training training) {
    EpochRecord last = training.last();
    number("final_loss", "loss", last.loss(), 4, training.lossName() + ", mean of the last epoch");
    double healthy = training.healthyStd();
    number(
        "final_output_std",
        "output std",
        last.outputStd(),
        5,
        format(
            "%.2f of the healthy 1/√d = %.5f (d = %d)",
            last.outputStd() / healthy, healthy, training.outputDim()));
    lines.add(
        new Measure(
            "collapsed",
            "collapsed",
            String.valueOf(last.collapsed()),
            last.collapsed() ? "yes" : "no",
            format("collapse level %.2f, collapsed above 0.50", last.collapseLevel())));
    number("epochs", "epochs", last.epoch(), 0, format("%,d optimiser steps", last.step()));
    number(
        "images_per_second",
        "training speed, images/s",
        medianSpeed(training.history()),
        1,
        "median over the epochs");
  }

  private static double medianSpeed(List<EpochRecord> history) {
    return history.stream()
        .map(EpochRecord::imagesPerSecond)
        .sorted(Comparator.naturalOrder())
        .toList()
        .get(history.size() / 2);
  }

  private static String knnNote(KnnResult knn) {
    return format("k = %d, T = %s, bank of %,d images, ", knn.k(), knn.temperature(), knn.bank())
        + tested(knn.report());
  }

  private static String probeNote(LinearResult linear) {
    return format(
            "SGD, rate %s, batch %d, %d epochs, %,d train images, ",
            linear.spec().lr(), linear.spec().batchSize(), linear.spec().epochs(), linear.train())
        + tested(linear.last());
  }

  private static String tested(EvalReport report) {
    return format("%,d test images", report.n())
        + (report.unlabelled() > 0 ? format(", %,d without a label", report.unlabelled()) : "");
  }

  private void percent(String key, String label, double value, String note) {
    lines.add(new Measure(key, label, String.valueOf(value), format("%.2f %%", value), note));
  }

  private void points(String key, String label, double value) {
    lines.add(
        new Measure(key, label, String.valueOf(value), format("%+.2f points", value), "kNN top-1"));
  }

  private void number(String key, String label, double value, int digits, String note) {
    lines.add(
        new Measure(key, label, String.valueOf(value), format("%." + digits + "f", value), note));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
