package simsiam.pipelines.cli.run;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.ConfigArguments;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.PointLock;

/** Runs the stages whose output is not there. */
@CommandLine.Command(
    name = "run",
    description = "Run the stages whose output is not there; what is there is left as it is.",
    footer = "What follows -- goes to Beam: simsiam run conf/x.yaml -- --targetParallelism=2")
public final class RunCommand extends Command {
  @Mixin private ConfigArguments config;
  @Mixin private StageOptions stages;

  public RunCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws Exception {
    Closeable point = PointLock.ofThisProcess(this::waits);
    try {
      return run();
    } finally {
      point.close();
    }
  }

  private void waits(String holder) {
    output().line("note  waiting for the end of " + holder + ", which works on this point");
  }

  private int run() throws Exception {
    LoadedConfig loaded = config.load();
    RunnerOptions options = stages.runner(invoked(), loaded);
    Workspace workspace = Workspace.at(loaded.config().workspace());
    stages.prepare(loaded, invoked().graph(), output());
    OptionalInt code = OptionalInt.empty();
    while (code.isEmpty()) {
      Plan plan = stages.plan(loaded, invoked(), workspace, options);
      if (!plan.blocked().isEmpty()) {
        throw blocked(plan);
      }
      refusing(() -> plan.requireMachine(loaded.config()));
      code = new RunSession(invoked(), loaded, workspace, plan, options).run();
    }
    return code.getAsInt();
  }

  /** Before any work: a check that finds the runner, the build or the machine wanting. */
  private static void refusing(Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private UsageException blocked(Plan plan) throws IOException {
    PlannedStage first = plan.blocked().get(0);
    List<PlannedStage> missing =
        first.inputs().upstream().keySet().stream()
            .map(plan.all()::get)
            .filter(stage -> stage.last().isEmpty())
            .toList();
    String names = missing.stream().map(PlannedStage::name).collect(Collectors.joining(", "));
    String folders =
        missing.stream()
            .map(stage -> Text.relative(stage.folder().committed()))
            .collect(Collectors.joining(", "));
    return new UsageException(
        String.format(
            "Cannot run %s: expected the output of %s, which has not been made for this"
                + " configuration (%s). Make it with: %s",
            first.name(), names, folders, making(missing.get(missing.size() - 1).name())));
  }

  /** The command that makes the output of a stage. */
  private String making(String stage) {
    return Call.program() + " run " + config.asTyped() + " --to " + stage;
  }
}
