package simsiam.pipelines.cli.run;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.PlanInterruption;
import simsiam.pipelines.cli.call.RunnerName;
import simsiam.pipelines.cli.console.DiskFull;
import simsiam.pipelines.cli.console.Failures;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.cli.console.RunConsole;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.Planner;
import simsiam.pipelines.stage.plan.Planning;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.store.Workspace;

/** The options that choose stages and say what runs them. */
public final class StageOptions {
  public static final String ALL = "all";

  /** The commands that have these options. */
  public static final Set<String> COMMANDS = Set.of("run", "plan");

  @Option(names = "--only", paramLabel = "STAGE", description = "this stage alone")
  private String only;

  @Option(names = "--from", paramLabel = "STAGE", description = "this stage and those after it")
  private String from;

  @Option(names = "--to", paramLabel = "STAGE", description = "this stage and those before it")
  private String to;

  @Option(
      names = "--force",
      paramLabel = "STAGE",
      arity = "0..1",
      fallbackValue = ALL,
      split = ",",
      description = "run this stage even if its output is there; without =STAGE all selected ones")
  private List<String> force = List.of();

  @Option(
      names = "--runner",
      paramLabel = "RUNNER",
      defaultValue = "direct",
      converter = RunnerName.class,
      description = {
        "what runs the data stages: direct, flink, spark or dataflow (default: ${DEFAULT-VALUE});",
        "the others need a build with the Maven profile of that name"
      })
  private Runner runner;

  /**
   * How Beam pipelines are to be run.
   *
   * @throws UsageException if they cannot be run so
   */
  RunnerOptions runner(Call call, LoadedConfig loaded) {
    RunnerOptions options = runner(call);
    requireStore(options, loaded);
    return options;
  }

  /** The same, where nothing is known of the workspace. */
  RunnerOptions runner(Call call) {
    RunnerOptions options = new RunnerOptions(runner, call.beamArguments());
    if (!options.equals(RunnerOptions.direct())) {
      try {
        call.services().require(options);
      } catch (IllegalArgumentException | IllegalStateException e) {
        throw new UsageException(e.getMessage(), e);
      }
    }
    return options;
  }

  /** Workers of Dataflow see no disk of this machine. */
  private static void requireStore(RunnerOptions options, LoadedConfig loaded) {
    String workspace = loaded.config().workspace();
    if (options.runner() == Runner.DATAFLOW && !Places.remote(workspace)) {
      throw new UsageException(
          "Cannot use the dataflow runner: expected a workspace in a store, such as"
              + " workspace=gs://my-bucket/runs, and dataset.path in one too, got workspace "
              + workspace);
    }
  }

  /** Has the chosen stages fetch what they read from elsewhere. */
  void prepare(LoadedConfig loaded, StageGraph all, Output output) throws IOException {
    StageGraph graph = all.of(loaded.config());
    Set<String> selected = selection(graph).of(graph);
    RunConsole console = new RunConsole(output, List.copyOf(selected));
    for (Stage stage : graph.stages()) {
      if (selected.contains(stage.name())) {
        stage.prepare(loaded.config(), console);
      }
    }
  }

  /**
   * The plan for a configuration and these options.
   *
   * @param call whose output shows the work that this is
   * @param runner whose workers read what has to be read for the plan
   */
  Plan plan(LoadedConfig loaded, Call call, Workspace workspace, RunnerOptions runner)
      throws IOException {
    StageGraph all = call.graph();
    StageGraph graph = all.of(loaded.config());
    Selection selection = selection(graph);
    RunConsole console = new RunConsole(call.output(), List.copyOf(selection.of(graph)));
    try (PlanInterruption interruption = new PlanInterruption(call)) {
      Planning planning = new Planning(runner, console, interruption::onInterrupt);
      return new Planner(all, workspace, planning).plan(loaded, selection);
    } catch (IOException e) {
      if (DiskFull.message(e).isPresent()) {
        throw e;
      }
      throw new UsageException(String.join("; ", Failures.messages(e)), e);
    }
  }

  private Selection selection(StageGraph graph) {
    Set<String> forced = new HashSet<>(force);
    boolean all = forced.remove(ALL);
    try {
      Selection selection =
          new Selection(
              Optional.ofNullable(only),
              Optional.ofNullable(from),
              Optional.ofNullable(to),
              all,
              forced);
      selection.of(graph);
      return selection;
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }
}
