package simsiam.pipelines.cli.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.ConfigArguments;
import simsiam.pipelines.cli.call.PlanInterruption;
import simsiam.pipelines.cli.console.DiskFull;
import simsiam.pipelines.cli.console.Failures;
import simsiam.pipelines.cli.console.RunConsole;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.plan.Planning;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.SweepPlan;
import simsiam.pipelines.sweep.SweepResults;
import simsiam.pipelines.sweep.grid.Point;
import simsiam.pipelines.sweep.grid.Sweep;
import simsiam.pipelines.sweep.grid.SweepArguments;

/**
 * A sweep as a command deals with it.
 *
 * @param plan as of when it was made
 */
public record SweepSession(Sweep sweep, Workspace workspace, StageGraph graph, SweepPlan plan) {
  /**
   * What the words of a command ask for.
   *
   * @param words a sweep's file or none, and {@code key=value,value}
   * @param base null: not given
   * @return empty if they are about a configuration
   */
  public static Optional<SweepArguments> arguments(List<String> words, Path base) {
    Optional<Path> first =
        words.stream()
            .findFirst()
            .filter(word -> !word.contains("=") || Files.exists(Path.of(word)))
            .map(Path::of);
    boolean sweep =
        first.filter(file -> SweepArguments.names(file, ConfigArguments.shipped())).isPresent();
    if (first.isPresent() && !sweep) {
      if (base == null) {
        return Optional.empty();
      }
      throw new UsageException(
          "Cannot expand %s: expected the file of a sweep, or key=value words"
              .formatted(first.get()));
    }
    if (first.isEmpty() && base == null) {
      return Optional.empty();
    }
    List<String> rest = words.subList(first.isPresent() ? 1 : 0, words.size());
    return Optional.of(new SweepArguments(first, Optional.ofNullable(base), rest));
  }

  /**
   * Expands the sweep and looks at what of it is there.
   *
   * @param call whose output shows the work that this is
   * @param fetches whether data sets are fetched that are to be
   * @param runner whose workers read what has to be read for the plan
   */
  public static SweepSession open(
      Call call, SweepArguments arguments, boolean fetches, RunnerOptions runner)
      throws IOException {
    Sweep sweep = arguments.expand(ConfigArguments.shipped());
    Workspace workspace = Workspace.at(sweep.base().config().workspace());
    StageGraph graph = call.graph();
    Console console = new RunConsole(call.output(), List.copyOf(graph.names()));
    if (fetches) {
      prepare(sweep, graph, console);
    }
    try (PlanInterruption interruption = new PlanInterruption(call)) {
      Planning planning = new Planning(runner, console, interruption::onInterrupt);
      return new SweepSession(sweep, workspace, graph, plan(sweep, graph, workspace, planning));
    }
  }

  private static void prepare(Sweep sweep, StageGraph graph, Console console) throws IOException {
    Set<DatasetSpec> prepared = new HashSet<>();
    for (Point point : sweep.points()) {
      if (prepared.add(point.config().config().dataset())) {
        for (Stage stage : graph.of(point.config().config()).stages()) {
          stage.prepare(point.config().config(), console);
        }
      }
    }
  }

  private static SweepPlan plan(
      Sweep sweep, StageGraph graph, Workspace workspace, Planning planning) throws IOException {
    try {
      return SweepPlan.of(sweep, graph, workspace, planning);
    } catch (IOException e) {
      if (DiskFull.message(e).isPresent()) {
        throw e;
      }
      throw new UsageException(String.join("; ", Failures.messages(e)), e);
    }
  }

  /** The outcome as of now. */
  SweepResults results() throws IOException {
    return SweepResults.of(plan(sweep, graph, workspace, Planning.here()), workspace);
  }
}
