package simsiam.pipelines.cli.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.OrderlyEnd;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.cluster.ClusterChildren;
import simsiam.pipelines.machine.Machine;
import simsiam.pipelines.prune.OutputsInUse;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stages.report.SweepReports;
import simsiam.pipelines.sweep.Child;
import simsiam.pipelines.sweep.ChildProcess;
import simsiam.pipelines.sweep.ChildProgram;
import simsiam.pipelines.sweep.PlannedPoint;
import simsiam.pipelines.sweep.PointFolder;
import simsiam.pipelines.sweep.Share;
import simsiam.pipelines.sweep.SweepResults;
import simsiam.pipelines.sweep.SweepRunner;
import simsiam.pipelines.sweep.SweepRunner.Running;
import simsiam.pipelines.sweep.SweepTracking;
import simsiam.pipelines.sweep.grid.SweepArguments;

/** Runs what of a sweep is missing. */
@CommandLine.Command(
    name = "ablate",
    description = {
      "Run the points of a sweep that are missing, and show its table.",
      "simsiam ablate conf/ablations/predictor.yaml --base conf/quickstart.yaml seed=0..4",
      "simsiam ablate --base conf/quickstart.yaml predictor.kind=mlp,none train.epochs=5"
    },
    footer = {
      "What follows -- goes to Beam: to the pipelines of the points, or to that of the sweep on a"
          + " cluster.",
      "Exit codes: 0 all points are there, 2 usage or configuration, 3 the job on a cluster ended"
          + " before the points, 4 some points failed, 130 interrupted."
    })
public final class AblateCommand extends Command {
  private static final long FOLLOW_NANOS = 10_000_000_000L;

  @Parameters(
      arity = "0..*",
      paramLabel = "SWEEP key=value",
      description =
          "a sweep's file, such as conf/ablations/predictor.yaml, and axes (seed=0..2,"
              + " train.batch_size=64,128) or values (train.epochs=5) over those of file and base")
  private List<String> words = List.of();

  @Option(
      names = "--base",
      paramLabel = "CONFIG",
      description = "the configuration that all points start from (default: the sweep's own)")
  private Path base;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      defaultValue = "1",
      description =
          "points at work at a time, which share cores, memory and GPUs; auto: as many as there are"
              + " GPUs, else one for four cores and 8 GB; on each machine of a cluster (default:"
              + " ${DEFAULT-VALUE})")
  private String jobs;

  @Mixin private SweepMachines machines;

  @Option(names = "--fail-fast", description = "stop at the first point that fails")
  private boolean failFast;

  @Option(
      names = "--retry",
      paramLabel = "failed",
      description = "repeat the points that failed; those that were killed are always gone on with")
  private String retry;

  @Option(names = "--table", description = "run nothing; show the table so far")
  private boolean table;

  @Option(names = "--json", description = "print sweep.json")
  private boolean json;

  public AblateCommand(Call call) {
    super(call);
  }

  @Override
  @SuppressWarnings("try") // the outputs are held, not used
  public Integer call() throws IOException {
    SweepRunner.Settings settings = settings();
    Optional<ClusterChildren.Settings> cluster =
        table ? Optional.empty() : machines.cluster(invoked(), jobs);
    SweepArguments arguments =
        SweepSession.arguments(words, base)
            .orElseThrow(
                () ->
                    new UsageException(
                        "Cannot ablate%s: expected the file of a sweep, or --base CONFIG and axes"
                            .formatted(words.isEmpty() ? "" : " " + Call.quoted(words))));
    Output shown = json ? new Output(output().err(), output().err(), false) : output();
    Call call = new Call(invoked().services(), shown, invoked().args(), invoked().beamArguments());
    while (true) {
      SweepSession session = SweepSession.open(call, arguments, !table, runner(cluster));
      Optional<OutputsInUse> used = announced(call, session);
      if (used.isPresent()) {
        try (OutputsInUse held = used.get()) {
          return OrderlyEnd.withItsExitCode(() -> ablate(call, session, settings, cluster));
        }
      }
    }
  }

  /** Keeps what the points read; empty if something of it is gone since it was looked at. */
  @SuppressWarnings("try") // the gate is held, not used
  private static Optional<OutputsInUse> announced(Call call, SweepSession session)
      throws IOException {
    List<Plan> plans = session.plan().points().stream().map(PlannedPoint::plan).toList();
    Path folder = PointFolder.of(session.workspace(), session.sweep());
    try (ProcessLock gate =
        OutputsInUse.gate(
            session.workspace(), holder -> call.output().complain("waiting for " + holder))) {
      return OutputsInUse.areThere(plans)
          ? Optional.of(OutputsInUse.announce(session.workspace(), plans, folder))
          : Optional.empty();
    }
  }

  private int ablate(
      Call call,
      SweepSession session,
      SweepRunner.Settings settings,
      Optional<ClusterChildren.Settings> cluster)
      throws IOException {
    SweepConsole console = new SweepConsole(call, session);
    try (SweepTracking tracking =
            table
                ? SweepTracking.NONE
                : call.services()
                    .sweepTracking(session.sweep(), session.workspace(), console::note);
        Child.Starter starter = starter(call, session, settings, cluster, tracking, console)) {
      return ablate(call, session, settings, console, tracking, starter);
    }
  }

  private Child.Starter starter(
      Call call,
      SweepSession session,
      SweepRunner.Settings settings,
      Optional<ClusterChildren.Settings> cluster,
      SweepTracking tracking,
      SweepConsole console) {
    if (cluster.isPresent()) {
      return call.services()
          .cluster(cluster.get(), session.plan(), session.workspace(), tracking, console::note);
    }
    List<String> more = new ArrayList<>();
    if (!invoked().beamArguments().isEmpty()) {
      more.add("--");
      more.addAll(invoked().beamArguments());
    }
    return ChildProcess.starter(share(settings.children()), tracking, more);
  }

  private int ablate(
      Call call,
      SweepSession session,
      SweepRunner.Settings settings,
      SweepConsole console,
      SweepTracking tracking,
      Child.Starter starter)
      throws IOException {
    SweepRunner runner =
        new SweepRunner(
            session.plan(),
            session.workspace(),
            starter,
            settings,
            new Tracked(console, tracking, session));
    boolean idle = table || runner.due().isEmpty();
    SweepResults results = SweepResults.of(session.plan(), session.workspace());
    if (!table) {
      console.begins(runner.due().size(), machines.inWords(settings.children()));
      results.write(session.workspace());
    }
    int end = ExitCode.OK;
    if (!idle) {
      tracking.begin();
      tracking.update(results, Set.of());
      end = run(call, runner);
      starter.close();
      results = session.results();
    }
    Path file = results.write(session.workspace());
    if (json) {
      output().line(Json.pretty(results.json()));
    } else {
      console.results(results, file);
    }
    boolean interrupted = end == ExitCode.INTERRUPTED;
    tracking.end(results, interrupted).ifPresent(console::page);
    if (interrupted) { // Java draws no more while it shuts down
      call.output().line("report so far: " + reportCommand(file.getParent()));
    } else if (!table) {
      report(call, session, file.getParent());
    }
    if (end != ExitCode.OK) {
      output()
          .complain((interrupted ? "interrupted; " : "") + "continue with: " + call.commandLine());
      return end;
    }
    boolean failed = results.count(SweepResults.State.FAILED) > 0;
    return failed ? ExitCode.POINTS_FAILED : ExitCode.OK;
  }

  /** The console, with the tracker told of each end of a child. */
  private static final class Tracked implements SweepRunner.Listener {
    private final SweepConsole console;
    private final SweepTracking tracking;
    private final SweepSession session;
    private final Set<String> working = new HashSet<>();
    private long followed = System.nanoTime();

    Tracked(SweepConsole console, SweepTracking tracking, SweepSession session) {
      this.console = console;
      this.tracking = tracking;
      this.session = session;
    }

    @Override
    public void started(Running child) {
      working.add(child.planned().point().id());
      console.started(child);
    }

    @Override
    public void finished(Running child) {
      console.finished(child);
      ended(child);
    }

    @Override
    public void failed(Running child, PointFolder.Failure failure) {
      console.failed(child, failure);
      ended(child);
    }

    private void ended(Running child) {
      working.remove(child.planned().point().id());
      try {
        tracking.update(session.results(), working);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void lost(Running child) {
      working.remove(child.planned().point().id());
      console.lost(child);
    }

    @Override
    public void at(List<Running> children, int waiting) {
      boolean remote = children.stream().anyMatch(child -> !child.child().machine().isEmpty());
      if (remote && System.nanoTime() - followed > FOLLOW_NANOS) {
        followed = System.nanoTime();
        tracking.follow();
      }
      console.at(children, waiting);
    }
  }

  /**
   * Writes the report of a sweep that is over for now, if there is none that is up to date. What it
   * lacks, such as a font, does not undo the sweep: the command that writes it is named.
   */
  private static void report(Call call, SweepSession session, Path folder) throws IOException {
    try {
      if (!SweepReports.isUpToDate(folder)) {
        new SweepReports(call.services().stages(), session.workspace()).write(folder);
      }
    } catch (IllegalStateException | UncheckedIOException e) {
      call.output().complain(e.getMessage());
      call.output().complain("write the report with: " + reportCommand(folder));
      return;
    }
    call.output().line("report: " + Text.relative(SweepReports.page(folder)));
  }

  private static String reportCommand(Path folder) {
    return Call.program() + " report " + Call.quoted(List.of(Text.relative(folder)));
  }

  /** Runs what is due; gives the exit code if something other than a point ends that. */
  private static int run(Call call, SweepRunner runner) throws IOException {
    try {
      runner.run();
      return ExitCode.OK;
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED;
    } catch (Child.NoMachineException e) {
      call.output().complain("error: " + e.getMessage());
      return ExitCode.STAGE_FAILED;
    }
  }

  /** Whose workers read the images where points run on a cluster. */
  private static RunnerOptions runner(Optional<ClusterChildren.Settings> cluster) {
    return cluster.map(ClusterChildren.Settings::runner).orElse(RunnerOptions.direct());
  }

  private SweepRunner.Settings settings() {
    if (retry != null && !retry.equals("failed")) {
      throw new UsageException("Cannot retry " + retry + ": expected failed");
    }
    boolean automatic = jobs.equals("auto");
    if (!automatic && !jobs.matches("[1-9]\\d{0,2}")) {
      throw new UsageException("Cannot use --jobs: expected 1 to 999 or auto, got " + jobs);
    }
    int children = automatic ? machine().children() : Integer.parseInt(jobs);
    return new SweepRunner.Settings(
        machines.areOthers() ? Integer.MAX_VALUE : children, failFast, retry != null);
  }

  private static Share.Machine machine() {
    return ChildProgram.machine(new Machine().devices());
  }

  private static Share share(int children) {
    return children == 1 ? Share.whole() : Share.of(children, machine());
  }
}
