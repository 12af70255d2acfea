package simsiam.pipelines.cli.call;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.cluster.ClusterChildren;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.Tracking;
import simsiam.pipelines.stage.store.Invocation;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.Child;
import simsiam.pipelines.sweep.SweepPlan;
import simsiam.pipelines.sweep.SweepTracking;
import simsiam.pipelines.sweep.grid.Sweep;
import simsiam.pipelines.tracking.Outbox;
import simsiam.pipelines.tracking.ServerControl;

/**
 * What the command line puts to work. An implementation must load Beam, the engines and the tracker
 * only when a method needs them: {@code plan}, {@code status}, {@code config} and a {@code run}
 * with nothing to do call {@link #stages} alone.
 */
public interface Services {
  /** The stages, each after those it reads. */
  List<Stage> stages();

  /**
   * Checks that Beam pipelines can be run so.
   *
   * @throws IllegalArgumentException if the runner is not in this build or the options do not suit
   */
  void require(RunnerOptions options);

  /**
   * Opens the experiment tracker for an invocation that has work to do.
   *
   * @param notes takes lines that the user should see
   */
  Tracking tracking(
      LoadedConfig config, Workspace workspace, Invocation invocation, Consumer<String> notes)
      throws IOException;

  /**
   * The experiment tracker for a sweep, which is opened when there is something to tell.
   *
   * @param notes takes lines that the user should see
   */
  SweepTracking sweepTracking(Sweep sweep, Workspace workspace, Consumer<String> notes)
      throws IOException;

  /**
   * Puts children to work on the machines of a cluster.
   *
   * @param tracking whose options each gets
   * @param notes takes lines that the user should see
   */
  Child.Starter cluster(
      ClusterChildren.Settings settings,
      SweepPlan plan,
      Workspace workspace,
      SweepTracking tracking,
      Consumer<String> notes);

  /**
   * The MLflow server of a workspace.
   *
   * @param host address that it listens at when it is started
   * @param port the one wanted; if it is taken, the next free one
   */
  ServerControl server(Workspace workspace, String host, int port);

  /**
   * What a workspace has for a tracking server.
   *
   * @param uri {@code managed}, or the server's address
   */
  Outbox outbox(Workspace workspace, String uri);

  /**
   * Measures this machine.
   *
   * @param what one of {@link Benchmark#NAMES}
   */
  BenchResult bench(String what, RunConfig config) throws IOException;

  /**
   * Writes curves and tables of finished invocations.
   *
   * @param invocations their folders
   * @return the files written
   */
  List<Path> report(Workspace workspace, List<Path> invocations) throws IOException;

  /** Library, device and threads of the engine that {@code train.engine: auto} would take here. */
  String engine();

  /** The instructions that the processor has for bf16, and what that means. */
  String bfloat16();

  /** Whether and how the tracker can be had here. */
  String tracker(Workspace workspace);
}
