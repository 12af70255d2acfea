package simsiam.pipelines.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import simsiam.model.config.Reason;

/**
 * The report of one run: {@code report.html}, a page that needs no other file; {@code results.md}
 * and {@code results.csv}, its table; {@code per_class.csv}; and its pictures under {@code plots/}.
 */
public final class Report {
  private Report() {}

  /**
   * Writes the report into an existing folder.
   *
   * @return the page
   */
  public static Path write(ReportInput input, Path folder) {
    Fonts.require();
    List<Measure> measures = Measures.of(input);
    ReportPictures pictures = ReportPictures.of(input);
    Path page = folder.resolve("report.html");
    try {
      writePlots(pictures.all(), folder);
      Files.writeString(page, ReportPage.of(input, measures, pictures).html());
      Files.writeString(
          folder.resolve("results.md"),
          "# " + Table.markdown(input.name()) + "\n\n" + shown(measures).toMarkdown());
      Files.writeString(folder.resolve("results.csv"), raw(measures).toCsv());
      for (Table table : PerClass.of(input.evaluations()).stream().toList()) {
        Files.writeString(folder.resolve("per_class.csv"), table.toCsv());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the report: " + Reason.of(e), e);
    }
    return page;
  }

  static void writePlots(List<Picture> pictures, Path folder) throws IOException {
    Path plots = Files.createDirectories(folder.resolve("plots"));
    for (Picture picture : pictures) {
      Files.write(plots.resolve(picture.name() + ".png"), picture.png());
    }
  }

  /** The result table for people. */
  static Table shown(List<Measure> measures) {
    List<List<String>> rows = new ArrayList<>();
    measures.forEach(m -> rows.add(List.of(m.label(), m.text(), m.note())));
    return new Table(List.of("measure", "value", "how"), rows);
  }

  private static Table raw(List<Measure> measures) {
    List<List<String>> rows = new ArrayList<>();
    measures.forEach(m -> rows.add(List.of(m.key(), m.value(), m.label(), m.note())));
    return new Table(List.of("metric", "value", "label", "note"), rows);
  }
}
