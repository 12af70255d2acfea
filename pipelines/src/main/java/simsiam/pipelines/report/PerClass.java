package simsiam.pipelines.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import simsiam.eval.ClassAccuracy;
import simsiam.eval.EvalReport;

/** Top-1 accuracy class by class, for the evaluations that were run. */
final class PerClass {
  private PerClass() {}

  /** Empty if nothing was evaluated. */
  static Optional<Table> of(Evaluations evaluations) {
    List<String> header = new ArrayList<>(List.of("class", "test images"));
    List<List<ClassAccuracy>> columns = new ArrayList<>();
    evaluations.knn().ifPresent(knn -> add("kNN top-1 (%)", knn.report(), header, columns));
    evaluations
        .linear()
        .ifPresent(linear -> add("linear top-1, last epoch (%)", linear.last(), header, columns));
    if (columns.isEmpty()) {
      return Optional.empty();
    }
    List<List<String>> rows = new ArrayList<>();
    for (int c = 0; c < columns.get(0).size(); c++) {
      ClassAccuracy first = columns.get(0).get(c);
      List<String> row = new ArrayList<>(List.of(first.name(), String.valueOf(first.images())));
      for (List<ClassAccuracy> column : columns) {
        row.add(text(column.get(c).percent()));
      }
      rows.add(row);
    }
    return Optional.of(new Table(header, rows));
  }

  private static void add(
      String head, EvalReport report, List<String> header, List<List<ClassAccuracy>> columns) {
    header.add(head);
    columns.add(report.perClass());
  }

  private static String text(OptionalDouble percent) {
    return percent.isPresent() ? String.format(Locale.ROOT, "%.2f", percent.getAsDouble()) : "";
  }
}
