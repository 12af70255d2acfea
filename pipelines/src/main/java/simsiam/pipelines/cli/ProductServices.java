package simsiam.pipelines.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.train.EngineSelection;
import simsiam.model.train.spec.EngineChoice;
import simsiam.pipelines.Stages;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.bench.Benchmarks;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.cli.call.Services;
import simsiam.pipelines.cluster.ClusterChildren;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.remote.StoreOptions;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.Tracking;
import simsiam.pipelines.stage.store.Invocation;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.stages.report.RunReports;
import simsiam.pipelines.sweep.Child;
import simsiam.pipelines.sweep.SweepPlan;
import simsiam.pipelines.sweep.SweepTracking;
import simsiam.pipelines.sweep.grid.Sweep;
import simsiam.pipelines.tracking.ManagedControl;
import simsiam.pipelines.tracking.MlflowSweep;
import simsiam.pipelines.tracking.MlflowTracking;
import simsiam.pipelines.tracking.Outbox;
import simsiam.pipelines.tracking.RunPlace;
import simsiam.pipelines.tracking.ServerControl;
import simsiam.pipelines.tracking.SpoolOutbox;
import simsiam.pipelines.tracking.TrackerStatus;
import simsiam.pipelines.tracking.TrackingServer;

/** The product behind the command line. */
final class ProductServices implements Services {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public List<Stage> stages() {
    return Stages.all();
  }

  @Override
  public void require(RunnerOptions options) {
    StoreOptions.use(BeamOptions.parse(options));
  }

  @Override
  public Tracking tracking(
      LoadedConfig config, Workspace workspace, Invocation invocation, Consumer<String> notes)
      throws IOException {
    return new MlflowTracking(
        config, workspace.root(), invocation.folder(), notes, RunPlace.ofThisProcess());
  }

  @Override
  public SweepTracking sweepTracking(Sweep sweep, Workspace workspace, Consumer<String> notes)
      throws IOException {
    return MlflowSweep.of(sweep, workspace, notes);
  }

  @Override
  public Child.Starter cluster(
      ClusterChildren.Settings settings,
      SweepPlan plan,
      Workspace workspace,
      SweepTracking tracking,
      Consumer<String> notes) {
    return new ClusterChildren(settings, plan, workspace, tracking, notes);
  }

  @Override
  public ServerControl server(Workspace workspace, String host, int port) {
    TrackingServer server = new TrackingServer(workspace.root(), TrackingServer.MANAGED);
    return new ManagedControl(server.managed(host, port));
  }

  @Override
  public Outbox outbox(Workspace workspace, String uri) {
    return new SpoolOutbox(new TrackingServer(workspace.root(), uri), PATIENCE);
  }

  @Override
  public BenchResult bench(String what, RunConfig config) throws IOException {
    return Benchmarks.named(what).run(config);
  }

  @Override
  public List<Path> report(Workspace workspace, List<Path> invocations) throws IOException {
    return invocations.size() == 1
        ? new RunReports(stages()).of(invocations.get(0))
        : new RunReports(stages()).compare(invocations, workspace.root().resolve("comparison"));
  }

  @Override
  public String engine() {
    EngineSelection selection = EngineSelection.of(EngineChoice.AUTO, Device.AUTO, Precision.FP32);
    return "%s (%s): %s"
        .formatted(selection.engine().name(), selection.reason(), selection.engine().describe());
  }

  @Override
  public String bfloat16() {
    return Nd4jEngine.bfloat16Instructions()
        + Nd4jEngine.bfloat16Problem()
            .map(problem -> ": train.precision bf16 is refused (" + problem + ")")
            .orElse(": train.precision bf16 may be used, auto takes fp32");
  }

  @Override
  public String tracker(Workspace workspace) {
    return new TrackerStatus(new TrackingServer(workspace.root(), TrackingServer.MANAGED))
        .describe();
  }
}
