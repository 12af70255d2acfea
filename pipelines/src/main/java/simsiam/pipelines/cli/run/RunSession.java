package simsiam.pipelines.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Interruption;
import simsiam.pipelines.cli.call.NoTracking;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Failures;
import simsiam.pipelines.cli.console.LogFile;
import simsiam.pipelines.cli.console.RunConsole;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.config.load.ConfigYaml;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.prune.OutputsInUse;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.Tracking;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.run.GraphRunner;
import simsiam.pipelines.stage.run.StageFailedException;
import simsiam.pipelines.stage.store.Invocation;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.ProgressFile;

/** One run from its plan to its exit code, with all that is written about it. */
final class RunSession {
  private static final Logger log = LoggerFactory.getLogger(RunSession.class);
  private static final String URL = "mlflow_url";

  private final Call call;
  private final LoadedConfig config;
  private final Workspace workspace;
  private final Plan plan;
  private final RunnerOptions options;
  private final RunSummary summary = new RunSummary();
  private final RunConsole console;
  private final Optional<ProgressFile> told = ProgressFile.ofThisProcess();

  RunSession(
      Call call, LoadedConfig config, Workspace workspace, Plan plan, RunnerOptions options) {
    this.call = call;
    this.config = config;
    this.workspace = workspace;
    this.plan = plan;
    this.options = options;
    this.console =
        new RunConsole(call.output(), plan.selected().stream().map(PlannedStage::name).toList());
  }

  /** The exit code; empty if an output that the plan has found is gone: nothing was begun. */
  @SuppressWarnings("try") // the gate is held, not used
  OptionalInt run() throws IOException {
    Invocation invocation;
    OutputsInUse used;
    try (ProcessLock gate =
        OutputsInUse.gate(workspace, holder -> console.note("waiting for " + holder))) {
      if (!OutputsInUse.areThere(List.of(plan))) {
        console.note("an output was removed just now; planning anew");
        return OptionalInt.empty();
      }
      invocation = Invocation.begin(workspace, config.config().name(), call.commandLine());
      invocation.write("plan.json", PlanCommand.rows(plan));
      used = OutputsInUse.announce(workspace, List.of(plan), invocation.folder());
    }
    try (used;
        LogFile logFile = LogFile.open(invocation.log())) {
      log.info("{} with {}, log in {}", call.commandLine(), options, logFile);
      if (workspace.inStore()) {
        console.note(
            "checkpoints, logs and tracking data: %s (data stages: %s)"
                .formatted(Text.relative(workspace.root()), config.config().workspace()));
      }
      invocation.writeText("config.yaml", ConfigYaml.of(config));
      return OptionalInt.of(tracked(invocation));
    }
  }

  private int tracked(Invocation invocation) throws IOException {
    try (Tracking tracking =
        plan.allCached()
            ? new NoTracking()
            : call.services().tracking(config, workspace, invocation, console::note)) {
      return work(invocation, tracking);
    }
  }

  private int work(Invocation invocation, Tracking tracking) throws IOException {
    GraphRunner runner =
        new GraphRunner(
            workspace,
            told.map(file -> file.telling(console)).orElse(console),
            told.map(file -> file.telling(tracking)).orElse(tracking),
            options,
            summary);
    Interruption interruption =
        new Interruption(
            call, runner, tracking, summary, () -> end(invocation, RunOutcome.INTERRUPTED));
    interruption.arm();
    RunOutcome outcome = RunOutcome.FAILED;
    try {
      runner.run(config, plan);
      outcome = RunOutcome.FINISHED;
      close(invocation, tracking, outcome);
      console.results(summary, Text.relative(invocation.folder().resolve("summary.json")));
      reportPage().ifPresent(page -> console.note("report: " + Text.relative(page)));
      return ExitCode.OK;
    } catch (StageFailedException e) {
      interruption.waitIfBegun();
      int code = new Failures(call.output()).report(e, config);
      close(invocation, tracking, outcome);
      call.output().complain("log: " + Text.relative(invocation.log()));
      call.output().complain("continue with: " + call.continuation());
      return code;
    } finally {
      interruption.disarm();
      end(invocation, outcome);
    }
  }

  /** The page of the report stage, if it was part of the run. */
  private Optional<Path> reportPage() {
    return plan.selected().stream()
        .map(stage -> stage.folder().committed().resolve("report.html"))
        .filter(Files::exists)
        .findFirst();
  }

  /** Lets the tracker end its runs, and notes where they are to be seen. */
  private void close(Invocation invocation, Tracking tracking, RunOutcome outcome)
      throws IOException {
    tracking.outcome(outcome, summary);
    tracking.close();
    Optional<String> url = tracking.url();
    if (url.isEmpty() && plan.allCached()) {
      url = workspace.lastId(config.config().name(), URL);
    }
    if (url.isPresent()) {
      summary.mlflowUrl(url.get());
      invocation.id(URL, url.get());
    }
  }

  /** Writes how it ended; on a full disk a word in the log has to do. */
  private void end(Invocation invocation, RunOutcome outcome) {
    try {
      summary.write(invocation.folder().resolve("summary.json"));
      invocation.end(outcome);
    } catch (IOException e) {
      log.error("Cannot write how the run ended to {}", invocation.folder(), e);
    }
  }
}
