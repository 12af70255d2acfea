package simsiam.pipelines.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import simsiam.model.config.Reason;

/**
 * Several runs side by side: {@code comparison.html}, a page that needs no other file; {@code
 * comparison.md} and {@code comparison.csv}, its table, a row a run; {@code plots/comparison.png}.
 */
public final class Comparison {
  private static final List<String> HEADLINES =
      List.of(
          "final_loss",
          "final_output_std",
          "collapsed",
          "knn_top1",
          "random_encoder_knn_top1",
          "linear_top1",
          "linear_best_top1");

  private Comparison() {}

  /**
   * Writes the comparison into an existing folder.
   *
   * @param runs in the order they are shown, at least one
   * @return the page
   */
  public static Path write(String title, List<ReportInput> runs, Path folder) {
    Fonts.require();
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("Cannot compare runs: expected at least one, got none");
    }
    Picture picture = ComparisonPlot.draw(runs);
    Table shown = shown(runs);
    Page page =
        new Page(title).heading("", true).figures(List.of(picture)).section("Results").table(shown);
    for (ReportInput run : runs) {
      page.section(run.name()).code(run.command());
      page.foldedCode("Effective configuration", run.config());
    }
    Path file = folder.resolve("comparison.html");
    try {
      Report.writePlots(List.of(picture), folder);
      Files.writeString(file, page.html());
      Files.writeString(folder.resolve("comparison.md"), shown.toMarkdown());
      Files.writeString(folder.resolve("comparison.csv"), raw(runs).toCsv());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the comparison: " + Reason.of(e), e);
    }
    return file;
  }

  /** The measures a reader compares by, rounded. */
  private static Table shown(List<ReportInput> runs) {
    return table(runs, HEADLINES, Measure::label, Measure::text);
  }

  /** Every measure that any run has. */
  private static Table raw(List<ReportInput> runs) {
    List<String> keys =
        runs.stream()
            .flatMap(run -> Measures.of(run).stream())
            .map(Measure::key)
            .distinct()
            .toList();
    return table(runs, keys, Measure::key, Measure::value);
  }

  private static Table table(
      List<ReportInput> runs,
      List<String> keys,
      Function<Measure, String> head,
      Function<Measure, String> cell) {
    List<List<Measure>> measured = runs.stream().map(Measures::of).toList();
    List<String> header = new ArrayList<>(List.of("run"));
    List<List<String>> rows = new ArrayList<>();
    runs.forEach(run -> rows.add(new ArrayList<>(List.of(run.name()))));
    for (String key : keys) {
      Optional<Measure> any =
          measured.stream().flatMap(List::stream).filter(m -> m.key().equals(key)).findFirst();
      if (any.isPresent()) {
        header.add(head.apply(any.get()));
        for (int i = 0; i < rows.size(); i++) {
          rows.get(i).add(find(measured.get(i), key).map(cell).orElse(""));
        }
      }
    }
    return new Table(header, rows);
  }

  private static Optional<Measure> find(List<Measure> measures, String key) {
    return measures.stream().filter(m -> m.key().equals(key)).findFirst();
  }
}
