package simsiam.pipelines.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import simsiam.pipelines.Stages;
import simsiam.pipelines.config.LoadedConfig;
import simsiam.pipelines.stage.Invocation;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.Tracking;
import simsiam.pipelines.stage.Workspace;
import simsiam.pipelines.stages.RunReports;
import simsiam.pipelines.tracking.MlflowTracking;

/** The product behind the command line. */
final class ProductServices implements Services {
  @Override
  public List<Stage> stages() {
    return Stages.all();
  }

  @Override
  public Tracking tracking(
      LoadedConfig config, Workspace workspace, Invocation invocation, Consumer<String> notes)
      throws IOException {
    return new MlflowTracking(config, workspace.root(), invocation.folder(), notes);
  }

  @Override
  public void mlflow(Workspace workspace, int port, Output output) {
    throw notWired("serve MLflow");
  }

  @Override
  public String sync(Workspace workspace) {
    throw notWired("send spooled data");
  }

  @Override
  public List<Map<String, Object>> bench(String what) {
    throw notWired("measure " + what);
  }

  @Override
  public List<Path> report(Workspace workspace, List<Path> invocations) throws IOException {
    return invocations.size() == 1
        ? RunReports.of(invocations.get(0))
        : RunReports.compare(invocations, workspace.root().resolve("comparison"));
  }

  @Override
  public String engine() {
    throw notWired("describe the engine");
  }

  @Override
  public String tracker(Workspace workspace) {
    throw notWired("describe the tracker");
  }

  private static UsageException notWired(String what) {
    return new UsageException("Cannot " + what + ": expected a part that is not in this build");
  }
}
