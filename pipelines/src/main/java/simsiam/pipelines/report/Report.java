package simsiam.pipelines.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import simsiam.model.config.Reason;
import simsiam.pipelines.report.plot.ConfusionPlot;
import simsiam.pipelines.report.plot.CurvePlot;
import simsiam.pipelines.report.plot.Fonts;
import simsiam.pipelines.report.plot.Picture;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.RunReport;

/**
 * The report of one run: {@code report.html}, a page that needs no other file; {@code results.md}
 * and {@code results.csv}, its measures; a CSV file for each further table; and its pictures under
 * {@code plots/}. A pure function of the run's {@link RunReport}.
 */
public final class Report {
  private Report() {}

  /**
   * Writes the report into an existing folder.
   *
   * @return the page
   */
  public static Path write(RunReport run, Path folder) {
    Fonts.require();
    Map<String, String> texts = new LinkedHashMap<>();
    Path page = folder.resolve("report.html");
    try {
      Map<String, List<Picture>> sections = sections(run, texts);
      Files.writeString(page, ReportPage.of(run, sections, texts).html());
      for (List<Picture> pictures : sections.values()) {
        writePlots(pictures, folder);
      }
      List<Measure> measures = run.measures();
      Files.writeString(
          folder.resolve("results.md"),
          "# " + Table.markdown(run.name()) + "\n\n" + shown(measures).toMarkdown());
      Files.writeString(folder.resolve("results.csv"), raw(measures).toCsv());
      for (ResultTable table : run.tables()) {
        Files.writeString(folder.resolve(table.name() + ".csv"), Table.of(table).toCsv());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the report: " + Reason.of(e), e);
    }
    return page;
  }

  /** The pictures under their headings; {@code texts} takes the paragraphs. */
  private static Map<String, List<Picture>> sections(RunReport run, Map<String, String> texts)
      throws IOException {
    Map<String, List<Picture>> sections = new LinkedHashMap<>();
    if (!run.curves().isEmpty()) {
      sections.put("Curves", run.curves().stream().map(CurvePlot::draw).toList());
    }
    for (RunReport.Located located : run.pictures()) {
      String heading = located.picture().section();
      texts.putIfAbsent(heading, located.picture().text());
      sections
          .computeIfAbsent(heading, h -> new ArrayList<>())
          .add(Picture.read(located.path(), located.picture().title()));
    }
    if (!run.matrices().isEmpty()) {
      sections.put("Confusion", run.matrices().stream().map(ConfusionPlot::draw).toList());
    }
    return sections;
  }

  static void writePlots(List<Picture> pictures, Path folder) throws IOException {
    Path plots = Files.createDirectories(folder.resolve("plots"));
    for (Picture picture : pictures) {
      Files.write(plots.resolve(picture.name() + ".png"), picture.png());
    }
  }

  /** The measures for people. */
  static Table shown(List<Measure> measures) {
    List<List<String>> rows = new ArrayList<>();
    measures.forEach(m -> rows.add(List.of(m.label(), m.text(), m.note())));
    return new Table(List.of("measure", "value", "how"), rows);
  }

  private static Table raw(List<Measure> measures) {
    List<List<String>> rows = new ArrayList<>();
    measures.forEach(
        m -> rows.add(List.of(m.key(), String.valueOf(m.value()), m.label(), m.note())));
    return new Table(List.of("metric", "value", "label", "note"), rows);
  }
}
