package simsiam.pipelines.cli.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.sweep.Estimates;
import simsiam.pipelines.sweep.PlannedPoint;
import simsiam.pipelines.sweep.SweepResults;

/** What a sweep has, what it lacks, and how long that is expected to take. */
public final class SweepPlanTable {
  private final Output output;
  private final SweepSession session;
  private final Estimates estimates;

  public SweepPlanTable(Output output, SweepSession session) {
    this.output = output;
    this.session = session;
    this.estimates = new Estimates(session.graph(), session.workspace());
  }

  /**
   * Seconds as far as they can be told.
   *
   * @param unknown stages of which nothing like them has been made
   */
  private record Expected(double seconds, int unknown) {
    String text() {
      if (unknown == 0) {
        return Text.seconds(seconds);
      }
      return seconds == 0 ? "unknown" : "more than " + Text.seconds(seconds);
    }
  }

  private Expected expected(List<PlannedStage> stages) throws IOException {
    double sum = 0;
    int unknown = 0;
    for (PlannedStage stage : stages) {
      OptionalDouble seconds = estimates.seconds(stage);
      sum += seconds.orElse(0);
      unknown += seconds.isPresent() ? 0 : 1;
    }
    return new Expected(sum, unknown);
  }

  public void show(boolean json) throws IOException {
    SweepResults results = SweepResults.of(session.plan(), session.workspace());
    if (json) {
      output.line(Json.pretty(json(results)));
      return;
    }
    output.line(title(results));
    output.line("");
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("point", "id", "state", "expected", "to run"));
    for (SweepResults.Row row : results.points()) {
      List<PlannedStage> stages = row.planned().toRun();
      table.add(
          List.of(
              row.planned().point().text(),
              row.planned().point().id(),
              row.state().toString(),
              stages.isEmpty() ? "" : expected(stages).text(),
              stages.stream().map(PlannedStage::name).collect(Collectors.joining(", "))));
    }
    Text.table(table).forEach(output::line);
    output.line("");
    session
        .plan()
        .leftOut()
        .forEach(left -> output.line("left out: " + left.text() + ": " + left.reason()));
    for (String line : session.plan().longerTrainings(session.workspace())) {
      output.line(line);
    }
    outputs();
  }

  private String title(SweepResults results) {
    return "sweep %s on %s: %s points, of which %s done, %s collapsed, %s failed, %s to run"
        .formatted(
            session.sweep().name(),
            session.sweep().baseFile(),
            results.points().size(),
            results.count(SweepResults.State.DONE),
            results.count(SweepResults.State.COLLAPSED),
            results.count(SweepResults.State.FAILED),
            results.count(SweepResults.State.QUEUED));
  }

  private void outputs() throws IOException {
    Map<PlannedPoint.Node, List<PlannedPoint>> nodes = session.plan().toRun();
    if (nodes.isEmpty()) {
      output.line("nothing to run");
      return;
    }
    Map<String, Integer> stages = new LinkedHashMap<>();
    Map<String, Integer> shared = new LinkedHashMap<>();
    nodes.forEach(
        (node, points) -> {
          stages.merge(node.stage(), 1, Integer::sum);
          if (points.size() > 1) {
            shared.merge(node.stage(), points.size(), Integer::sum);
          }
        });
    output.line("outputs to make, each once: " + counted(stages));
    if (!shared.isEmpty()) {
      output.line("shared by several points: " + String.join(", ", shared.keySet()));
    }
    Expected all = expected(all(nodes));
    output.line(
        "expected, one after the other: "
            + all.text()
            + (all.unknown() == 0 ? "" : ", as nothing like them has been made here yet"));
  }

  private static String counted(Map<String, Integer> stages) {
    return stages.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  /** The stage of each output, taken from the first of its points. */
  private static List<PlannedStage> all(Map<PlannedPoint.Node, List<PlannedPoint>> nodes) {
    return nodes.entrySet().stream()
        .map(entry -> entry.getValue().get(0).plan().all().get(entry.getKey().stage()))
        .toList();
  }

  private Map<String, Object> json(SweepResults results) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("sweep", session.sweep().name());
    all.put("base", session.sweep().baseFile().toString());
    List<Map<String, Object>> points = new ArrayList<>();
    for (SweepResults.Row row : results.points()) {
      Map<String, Object> point = new LinkedHashMap<>();
      point.put("id", row.planned().point().id());
      point.put("labels", row.planned().point().labels());
      point.put("overrides", row.planned().point().overrides());
      point.put("state", row.state().toString());
      point.put("to_run", row.planned().toRun().stream().map(PlannedStage::name).toList());
      points.add(point);
    }
    all.put("points", points);
    Map<PlannedPoint.Node, List<PlannedPoint>> nodes = session.plan().toRun();
    List<Map<String, Object>> outputs = new ArrayList<>();
    for (Map.Entry<PlannedPoint.Node, List<PlannedPoint>> entry : nodes.entrySet()) {
      Map<String, Object> node = new LinkedHashMap<>();
      node.put("stage", entry.getKey().stage());
      node.put("fingerprint", entry.getKey().fingerprint());
      node.put("points", entry.getValue().stream().map(point -> point.point().id()).toList());
      OptionalDouble seconds =
          estimates.seconds(entry.getValue().get(0).plan().all().get(entry.getKey().stage()));
      node.put("expected_seconds", seconds.isPresent() ? seconds.getAsDouble() : null);
      outputs.add(node);
    }
    all.put("outputs", outputs);
    all.put("expected_seconds", expected(all(nodes)).seconds());
    all.put("left_out", results.json().get("left_out"));
    return all;
  }
}
