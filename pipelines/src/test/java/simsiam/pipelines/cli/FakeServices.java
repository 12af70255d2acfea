package simsiam.pipelines.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.cli.call.NoTracking;
import simsiam.pipelines.cli.call.Services;
import simsiam.pipelines.cluster.ClusterChildren;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageTracking;
import simsiam.pipelines.stage.Tracking;
import simsiam.pipelines.stage.store.Invocation;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.Child;
import simsiam.pipelines.sweep.SweepPlan;
import simsiam.pipelines.sweep.SweepTracking;
import simsiam.pipelines.sweep.grid.Sweep;
import simsiam.pipelines.tracking.FakeOutbox;
import simsiam.pipelines.tracking.FakeServer;
import simsiam.pipelines.tracking.Outbox;
import simsiam.pipelines.tracking.ServerControl;

/** A product of two stages, {@code train -> linear}, that write small files. */
final class FakeServices implements Services {
  /** What a stage does when it runs. */
  interface Body {
    StageReport run(StageContext context) throws Exception;
  }

  /** What a stage does when it is to fetch what it reads. */
  interface Preparation {
    void prepare(String stage, Console console) throws IOException;
  }

  Preparation prepare = (stage, console) -> {};
  Body train =
      context ->
          StageReport.of(Group.FINAL, "loss -0.8")
              .measures(Measure.number("final_loss", "loss", -0.8).asHeadline());
  Body linear =
      context ->
          StageReport.of(Group.EVAL, "top-1 80.5 %")
              .measures(Measure.accuracy("linear_top1", "linear top-1", 80.5).asHeadline());
  final List<String> calls = new ArrayList<>();
  final FakeServer server = new FakeServer();
  final FakeOutbox outbox = new FakeOutbox();

  private record FakeStage(
      String name,
      List<String> upstream,
      List<String> configKeys,
      Preparation preparation,
      Body body)
      implements Stage {
    @Override
    public void prepare(RunConfig config, Console console) throws IOException {
      preparation.prepare(name, console);
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public StageReport run(StageContext context) throws Exception {
      Files.writeString(context.output().resolve("file"), context.runner().toString());
      return body.run(context);
    }
  }

  @Override
  public void require(RunnerOptions options) {
    if (options.arguments().contains("--bad")) {
      throw new IllegalArgumentException("Cannot use --bad: expected a good one, got it");
    }
  }

  @Override
  public List<Stage> stages() {
    Preparation fetch = (stage, console) -> prepare.prepare(stage, console);
    return List.of(
        new FakeStage("train", List.of(), List.of("train"), fetch, c -> train.run(c)),
        new FakeStage("linear", List.of("train"), List.of("linear"), fetch, c -> linear.run(c)));
  }

  @Override
  public Tracking tracking(
      LoadedConfig config, Workspace workspace, Invocation invocation, Consumer<String> notes) {
    calls.add("tracking");
    NoTracking none = new NoTracking();
    return new Tracking() {
      private boolean closed = false;

      @Override
      public StageTracking begin(String stage, String fingerprint, boolean continued) {
        return none;
      }

      @Override
      public void planned(Map<String, String> fingerprints) {}

      @Override
      public void end(String stage, RunOutcome outcome, Optional<Throwable> cause) {
        calls.add(stage + " " + outcome);
      }

      @Override
      public void outcome(RunOutcome outcome, RunSummary summary) {
        calls.add("run " + outcome);
      }

      @Override
      public Optional<String> url() {
        return Optional.of("http://localhost:5000/#/run");
      }

      @Override
      public void close() {
        if (!closed) {
          calls.add("close");
        }
        closed = true;
      }
    };
  }

  @Override
  public SweepTracking sweepTracking(Sweep sweep, Workspace workspace, Consumer<String> notes) {
    calls.add("sweep tracking");
    return SweepTracking.NONE;
  }

  @Override
  public Child.Starter cluster(
      ClusterChildren.Settings settings,
      SweepPlan plan,
      Workspace workspace,
      SweepTracking tracking,
      Consumer<String> notes) {
    throw new AssertionError("No cluster is at hand");
  }

  @Override
  public ServerControl server(Workspace workspace, String host, int port) {
    return server.at(host, port);
  }

  @Override
  public Outbox outbox(Workspace workspace, String uri) {
    calls.add("outbox " + uri);
    return outbox;
  }

  @Override
  public BenchResult bench(String what, RunConfig config) {
    return new BenchResult(
        what + " of " + config.name(),
        List.of(List.of(new Figure("views/s", "1,234", "views_per_second", 1234.5))),
        List.of("a note"));
  }

  @Override
  public List<Path> report(Workspace workspace, List<Path> invocations) {
    return invocations.stream().map(folder -> folder.resolve("report.html")).toList();
  }

  @Override
  public String bfloat16() {
    return "AMX: train.precision bf16 may be used";
  }

  @Override
  public String engine() {
    throw new UnsatisfiedLinkError("no jnind4jcpu");
  }

  @Override
  public String tracker(Workspace workspace) {
    return "none";
  }
}
