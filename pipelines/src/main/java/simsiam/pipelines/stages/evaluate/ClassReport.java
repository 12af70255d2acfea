package simsiam.pipelines.stages.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import simsiam.eval.ClassAccuracy;
import simsiam.eval.ConfusionMatrix;
import simsiam.eval.EvalReport;
import simsiam.pipelines.result.CountMatrix;
import simsiam.pipelines.result.ResultTable;

/** What every classifier's report shows class by class. */
final class ClassReport {
  private ClassReport() {}

  /** A row a class; the tables of several classifiers are shown as one. */
  static ResultTable table(String classifier, EvalReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (ClassAccuracy accuracy : report.perClass()) {
      OptionalDouble percent = accuracy.percent();
      rows.add(
          List.of(
              accuracy.name(),
              String.valueOf(accuracy.images()),
              percent.isPresent()
                  ? String.format(Locale.ROOT, "%.2f", percent.getAsDouble())
                  : ""));
    }
    return new ResultTable(
        "per_class",
        "Accuracy by class",
        List.of("class", "test images", classifier + " top-1 (%)"),
        rows);
  }

  static CountMatrix confusion(String name, String classifier, EvalReport report) {
    ConfusionMatrix confusion = report.confusion();
    List<List<Integer>> counts = new ArrayList<>();
    for (int truth = 0; truth < confusion.classes(); truth++) {
      List<Integer> row = new ArrayList<>();
      for (int predicted = 0; predicted < confusion.classes(); predicted++) {
        row.add(confusion.count(truth, predicted));
      }
      counts.add(row);
    }
    return new CountMatrix(
        "confusion_" + name, "Confusion matrix: " + classifier, report.classNames(), counts);
  }

  /** What it was tested on, in words. */
  static String tested(EvalReport report) {
    return String.format(Locale.ROOT, "%,d test images", report.n())
        + (report.unlabelled() > 0
            ? String.format(Locale.ROOT, ", %,d without a label", report.unlabelled())
            : "");
  }
}
