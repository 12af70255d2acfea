package simsiam.pipelines.stage;

import java.io.IOException;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.Planner;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.run.GraphRunner;
import simsiam.pipelines.stage.run.StageFailedException;
import simsiam.pipelines.stage.store.Workspace;

/** What {@code run} does with stages, without console and tracker. */
public final class FakeRun {
  private FakeRun() {}

  /** Makes what a configuration lacks. */
  public static void of(StageGraph graph, Workspace workspace, LoadedConfig config)
      throws IOException, StageFailedException {
    Plan plan = new Planner(graph, workspace).plan(config, Selection.all());
    new GraphRunner(
            workspace,
            new RecordingConsole(),
            new RecordingTracking(),
            RunnerOptions.direct(),
            new RunSummary())
        .run(config, plan);
  }
}
