package simsiam.pipelines.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import simsiam.model.config.Reason;
import simsiam.pipelines.report.plot.ComparisonPlot;
import simsiam.pipelines.report.plot.Fonts;
import simsiam.pipelines.report.plot.Picture;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.RunReport;

/**
 * Several runs side by side: {@code comparison.html}, a page that needs no other file; {@code
 * comparison.md} and {@code comparison.csv}, its table, a row a run; {@code plots/comparison.png}.
 */
public final class Comparison {
  /** Name of the page in its folder. */
  public static final String PAGE = "comparison.html";

  private Comparison() {}

  /**
   * Writes the comparison into an existing folder.
   *
   * @param runs in the order they are shown, at least one
   * @return the page
   */
  public static Path write(String title, List<RunReport> runs, Path folder) {
    Fonts.require();
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("Cannot compare runs: expected at least one, got none");
    }
    List<Picture> pictures = ComparisonPlot.draw(title, entries(runs));
    Table shown = shown(runs);
    Page page = new Page(title).heading(Map.of()).figures(pictures).section("Results").table(shown);
    for (RunReport run : runs) {
      page.section(run.name()).code(run.command());
      page.foldedCode("Effective configuration", run.config());
    }
    Path file = folder.resolve(PAGE);
    try {
      Report.writePlots(pictures, folder);
      Files.writeString(file, page.html());
      Files.writeString(folder.resolve("comparison.md"), shown.toMarkdown());
      Files.writeString(folder.resolve("comparison.csv"), raw(runs).toCsv());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the comparison: " + Reason.of(e), e);
    }
    return file;
  }

  private static List<ComparisonPlot.Entry> entries(List<RunReport> runs) {
    return runs.stream()
        .map(run -> new ComparisonPlot.Entry(run.name(), List.of(run.curves())))
        .toList();
  }

  /** The measures a reader compares by, rounded. */
  private static Table shown(List<RunReport> runs) {
    return table(runs, Measure::headline, Measure::label, Measure::text);
  }

  /** Every measure that any run has. */
  private static Table raw(List<RunReport> runs) {
    return table(runs, any -> true, Measure::key, measure -> String.valueOf(measure.value()));
  }

  private static Table table(
      List<RunReport> runs,
      Predicate<Measure> which,
      Function<Measure, String> head,
      Function<Measure, String> cell) {
    List<String> keys =
        runs.stream()
            .flatMap(run -> run.measures().stream())
            .filter(which)
            .map(Measure::key)
            .distinct()
            .toList();
    List<String> header = new ArrayList<>(List.of("run"));
    List<List<String>> rows = new ArrayList<>();
    runs.forEach(run -> rows.add(new ArrayList<>(List.of(run.name()))));
    for (String key : keys) {
      List<Optional<Measure>> found = runs.stream().map(run -> run.measure(key)).toList();
      header.add(found.stream().flatMap(Optional::stream).map(head).findFirst().orElseThrow());
      for (int i = 0; i < rows.size(); i++) {
        rows.get(i).add(found.get(i).map(cell).orElse(""));
      }
    }
    return new Table(header, rows);
  }
}
