package simsiam.pipelines.stage.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.PipelineContext;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.store.Workspace;

/** The world of a stage that is planned. */
record PlanningStage(Stage stage, Workspace workspace, Path cache, Planning planning)
    implements PipelineContext {
  @Override
  public Path shared() throws IOException {
    return workspace.shared(stage);
  }

  @Override
  public RunnerOptions runner() {
    return planning.runner();
  }

  @Override
  public Progress progress(String unit, long total) {
    return planning.console().progress(stage.name(), unit, total);
  }

  @Override
  public void note(String line) {
    planning.console().note(line);
  }

  @Override
  public void onInterrupt(Consumer<Deadline> action) {
    planning.interruption().accept(action);
  }
}
