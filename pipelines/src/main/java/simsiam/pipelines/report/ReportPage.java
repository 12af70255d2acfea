package simsiam.pipelines.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import simsiam.pipelines.report.plot.Picture;
import simsiam.pipelines.result.Fact;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.RunReport;

/** The HTML page of one run. */
final class ReportPage {
  private ReportPage() {}

  static Page of(RunReport run, Map<String, List<Picture>> sections, Map<String, String> texts) {
    Page page = new Page(run.name());
    verdict(page, run);
    List<Measure> measures = run.measures();
    page.tiles(
        measures.stream()
            .filter(measure -> measure.headline() && measure.value() instanceof Number)
            .toList());
    page.section("Results").table(Report.shown(measures));
    if (!run.facts().isEmpty()) {
      page.section("Run").table(facts(run.facts()));
    }
    sections.forEach(
        (heading, pictures) -> {
          page.section(heading);
          if (!texts.getOrDefault(heading, "").isEmpty()) {
            page.text(texts.get(heading));
          }
          page.figures(pictures);
        });
    for (ResultTable table : run.tables()) {
      page.section(table.title()).table(Table.of(table));
    }
    page.section("Reproduce").text("In the project's folder:").code(run.command());
    page.foldedCode("Effective configuration", run.config());
    return page;
  }

  /** The heading, with a word for each thing that can be wrong, and why where it is. */
  private static void verdict(Page page, RunReport run) {
    List<Measure> flags =
        run.measures().stream()
            .filter(measure -> measure.headline() && measure.value() instanceof Boolean)
            .toList();
    Map<String, Boolean> badges = new LinkedHashMap<>();
    flags.forEach(
        flag ->
            badges.put(
                Boolean.TRUE.equals(flag.value()) ? flag.label() : "not " + flag.label(),
                !flag.warns()));
    page.heading(badges);
    flags.stream()
        .filter(Measure::warns)
        .forEach(flag -> page.text(flag.label() + ": " + flag.note()));
  }

  private static Table facts(List<Fact> facts) {
    return new Table(
        List.of("what", "value"),
        facts.stream().map(fact -> List.of(fact.name(), fact.value())).toList());
  }
}
