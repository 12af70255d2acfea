package simsiam.pipelines.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.plan.Planner;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.run.GraphRunner;
import simsiam.pipelines.stage.run.StageFailedException;
import simsiam.pipelines.stage.store.Workspace;

/**
 * A workspace with three fake stages in a row and one beside: {@code a -> b -> c}, {@code b -> d}.
 */
final class Study {
  final FakeStage a = new FakeStage("a", List.of(), "dataset", "seed");
  final FakeStage b = new FakeStage("b", List.of("a"), "train");
  final FakeStage c = new FakeStage("c", List.of("b"), "knn");
  final FakeStage d = new FakeStage("d", List.of("b"), "linear");
  final StageGraph graph = new StageGraph(List.of(a, b, c, d));
  final RecordingConsole console = new RecordingConsole();
  final RecordingTracking tracking = new RecordingTracking();
  final RunSummary summary = new RunSummary();
  final Workspace workspace;

  Study(Path folder) {
    workspace = new Workspace(folder);
  }

  static LoadedConfig config(String... overrides) {
    return new ConfigLoader(Optional.empty())
        .load(Path.of("..", "conf", "base.yaml"), List.of(overrides));
  }

  static Selection only(String stage) {
    return new Selection(Optional.of(stage), Optional.empty(), Optional.empty(), false, Set.of());
  }

  static Selection between(String from, String to) {
    return new Selection(
        Optional.empty(), Optional.ofNullable(from), Optional.ofNullable(to), false, Set.of());
  }

  static Selection forced(String... stages) {
    return new Selection(
        Optional.empty(), Optional.empty(), Optional.empty(), stages.length == 0, Set.of(stages));
  }

  Plan plan(Selection selection, String... overrides) throws IOException {
    return new Planner(graph, workspace).plan(config(overrides), selection);
  }

  /** State and reason of each selected stage. */
  Map<String, String> reasons(Selection selection, String... overrides) throws IOException {
    return plan(selection, overrides).selected().stream()
        .collect(
            Collectors.toMap(
                PlannedStage::name, stage -> (stage.state() + " " + stage.reason()).strip()));
  }

  GraphRunner runner() {
    return new GraphRunner(workspace, console, tracking, RunnerOptions.direct(), summary);
  }

  void run(Selection selection, String... overrides) throws IOException, StageFailedException {
    runner().run(config(overrides), plan(selection, overrides));
  }

  void run(String... overrides) throws IOException, StageFailedException {
    run(Selection.all(), overrides);
  }

  List<Integer> runs() {
    return List.of(a.runs, b.runs, c.runs, d.runs);
  }

  /** Final folder of a stage's output. */
  Path output(String stage, String... overrides) throws IOException {
    return plan(Selection.all(), overrides).all().get(stage).folder().committed();
  }
}
