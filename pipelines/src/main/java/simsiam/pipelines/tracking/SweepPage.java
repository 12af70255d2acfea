package simsiam.pipelines.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import simsiam.pipelines.sweep.SweepResults;
import simsiam.pipelines.sweep.SweepResults.Group;
import simsiam.pipelines.sweep.SweepResults.Row;
import simsiam.pipelines.sweep.SweepResults.State;
import simsiam.pipelines.sweep.SweepTable;

/** The Markdown description of a sweep's run. */
final class SweepPage {
  /** MLflow takes 5000 characters. */
  private static final int MOST = 4_800;

  /** MLflow's tables have no space between their columns. */
  private static final String GAP = "&emsp;";

  private SweepPage() {}

  /**
   * The outcome so far: the table, then the points.
   *
   * @param points gives the uid of a point's run, if it has one
   * @param groups gives the uid of a group's run, if it has one
   */
  static String of(
      SweepResults results,
      Function<Row, Optional<String>> points,
      Function<Group, Optional<String>> groups) {
    StringBuilder page = new StringBuilder(head(results));
    List<List<String>> table = SweepTable.of(results);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < results.groups().size(); i++) {
      List<String> cells = table.get(i + 1).stream().map(SweepPage::cell).toList();
      lines.add(line(linked(cells, groups.apply(results.groups().get(i)))));
    }
    add(page, line(table.get(0)) + "|---".repeat(table.get(0).size()) + "|\n", lines, "groups");
    String setting = results.plan().sweep().spec().paper().setting();
    if (!setting.isEmpty()) {
      page.append("\nPaper: ").append(setting).append("\n");
    }
    if (results.groups().stream().anyMatch(results::baseline)) {
      page.append("\n\\* the baseline\n");
    }
    lines = new ArrayList<>();
    for (Row row : results.points()) {
      String why = row.failure().map(failure -> ": " + cut(failure.cause())).orElse("");
      List<String> cells = List.of(cell(row.planned().point().text()), cell(row.state() + why));
      lines.add(line(linked(cells, points.apply(row))));
    }
    add(page, "\n| point | |\n|---|---|\n", lines, "points");
    return page.toString();
  }

  private static String head(SweepResults results) {
    String question = results.plan().sweep().spec().question();
    String states =
        Stream.of(State.values())
            .filter(state -> results.count(state) > 0)
            .map(state -> results.count(state) + " " + state)
            .collect(Collectors.joining(", "));
    return "%sSweep of `%s`: %s points, %s.\n\n"
        .formatted(
            question.isEmpty() ? "" : question + "\n\n",
            results.plan().sweep().baseFile().getFileName(),
            results.points().size(),
            states);
  }

  /** Appends as many lines as there is room for. */
  private static void add(StringBuilder page, String head, List<String> lines, String what) {
    page.append(head);
    for (int i = 0; i < lines.size(); i++) {
      if (page.length() + lines.get(i).length() > MOST) {
        page.append(
            String.format(
                Locale.ROOT, "\n%d more %s are in `sweep.json`.\n", lines.size() - i, what));
        return;
      }
      page.append(lines.get(i));
    }
  }

  private static List<String> linked(List<String> cells, Optional<String> run) {
    List<String> linked = new ArrayList<>(cells);
    linked.set(0, RunPage.link(cells.get(0), run));
    return linked;
  }

  private static String line(List<String> cells) {
    return "| " + String.join(GAP + " | ", cells) + " |\n";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|")
        .replace("*", "\\*")
        .replace('[', '(') // the text of a link ends at a bracket
        .replace(']', ')')
        .replaceAll("\\s+", " ");
  }

  private static String cut(String text) {
    return text.length() > 160 ? text.substring(0, 159) + "…" : text;
  }
}
