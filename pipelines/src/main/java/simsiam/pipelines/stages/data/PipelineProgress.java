package simsiam.pipelines.stages.data;

import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.StageContext;

/**
 * Shows how far a stage's pipeline is, and cancels it when the process is told to end: on a cluster
 * it would go on writing into a folder that the next run begins anew.
 */
public record PipelineProgress(StageContext context, Progress progress) implements BeamRun.Monitor {
  @Override
  public void counted(long value) {
    progress.update(value);
  }

  @Override
  public void begins(BeamRun run) {
    context.onInterrupt(deadline -> end(run, deadline));
  }

  private void end(BeamRun run, Deadline deadline) {
    if (run.isOver()) {
      return;
    }
    context.note("cancelling the pipeline " + run.name());
    if (!run.cancel(deadline)) {
      context.note(
          "Cannot cancel the pipeline %s: expected its end in time, got none; look at the runner's"
                  .formatted(run.name())
              + " own page before you run it again");
    }
  }
}
