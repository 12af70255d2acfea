package simsiam.pipelines.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.NoTracking;
import simsiam.pipelines.cli.console.LogFile;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.cli.console.RunConsole;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.plan.Planner;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.run.GraphRunner;
import simsiam.pipelines.stage.run.StageFailedException;
import simsiam.pipelines.stage.store.Invocation;
import simsiam.pipelines.stage.store.Workspace;

/**
 * Does what the short commands do, in a folder given for it, so that the launcher can keep the
 * classes they load in an archive from which later starts are quicker.
 */
@CommandLine.Command(name = "warm-up", hidden = true)
final class WarmUpCommand extends Command {
  @Parameters(index = "0", paramLabel = "CONFIG")
  private Path file;

  @Parameters(index = "1", paramLabel = "FOLDER")
  private Path folder;

  WarmUpCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException, StageFailedException {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Output silent = new Output(nowhere, nowhere, true);
    LoadedConfig loaded = new ConfigLoader(Optional.empty()).load(file, List.of());
    for (int i = 0; i < 2; i++) { // the second time there is nothing to do
      run(loaded, silent);
    }
    Program program = new Program(invoked().services(), silent);
    String workspace = folder.resolve("product").toString();
    program.run("config", file.toString());
    program.run("status", "--workspace", folder.toString());
    return program.run("plan", file.toString(), "workspace=" + workspace);
  }

  private void run(LoadedConfig loaded, Output silent) throws IOException, StageFailedException {
    Workspace workspace = new Workspace(folder);
    Invocation invocation = Invocation.begin(workspace, "warm-up", "warm-up");
    try (LogFile log = LogFile.open(invocation.log())) {
      StageGraph graph = new StageGraph(List.of(new Trivial()));
      Plan plan = new Planner(graph, workspace).plan(loaded, Selection.all());
      RunConsole console =
          new RunConsole(silent, plan.selected().stream().map(PlannedStage::name).toList());
      RunSummary summary = new RunSummary();
      new GraphRunner(workspace, console, new NoTracking(), RunnerOptions.direct(), summary)
          .run(loaded, plan);
      summary.write(invocation.folder().resolve("summary.json"));
      console.results(summary, log.toString());
      invocation.end(RunOutcome.FINISHED);
    }
  }

  private record Trivial() implements Stage {
    @Override
    public String name() {
      return "trivial";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public List<String> upstream() {
      return List.of();
    }

    @Override
    public List<String> configKeys() {
      return List.of("train");
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
      Files.writeString(context.output().resolve("file"), "");
      return StageReport.of(StageReport.Group.DATA, "done");
    }
  }
}
