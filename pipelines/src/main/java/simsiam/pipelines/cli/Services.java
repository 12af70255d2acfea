package simsiam.pipelines.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import simsiam.pipelines.config.LoadedConfig;
import simsiam.pipelines.stage.Invocation;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.Tracking;
import simsiam.pipelines.stage.Workspace;

/**
 * What the command line puts to work. An implementation must load Beam, the engines and the tracker
 * only when a method needs them: {@code plan}, {@code status}, {@code config} and a {@code run}
 * with nothing to do call {@link #stages} alone.
 */
public interface Services {
  /** The stages, each after those it reads. */
  List<Stage> stages();

  /**
   * Opens the experiment tracker for an invocation that has work to do.
   *
   * @param notes takes lines that the user should see
   */
  Tracking tracking(
      LoadedConfig config, Workspace workspace, Invocation invocation, Consumer<String> notes)
      throws IOException;

  /** Serves the tracker's pages of a workspace until the process is ended. */
  void mlflow(Workspace workspace, int port, Output output) throws IOException;

  /** Sends the tracking data that a workspace has spooled; returns a line for the user. */
  String sync(Workspace workspace) throws IOException;

  /**
   * Measures this machine.
   *
   * @param what {@code train-step}, {@code loader}, {@code knn} or {@code preprocess}
   * @return rows of a table, each from column to value
   */
  List<Map<String, Object>> bench(String what) throws IOException;

  /**
   * Writes curves and tables of finished invocations.
   *
   * @param invocations their folders
   * @return the files written
   */
  List<Path> report(Workspace workspace, List<Path> invocations) throws IOException;

  /** Library, device and threads of the engine that {@code train.engine: auto} would take here. */
  String engine();

  /** Whether and how the tracker can be had here. */
  String tracker(Workspace workspace);
}
