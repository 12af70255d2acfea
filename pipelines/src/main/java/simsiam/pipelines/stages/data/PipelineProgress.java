package simsiam.pipelines.stages.data;

import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.PipelineContext;
import simsiam.pipelines.stage.Progress;

/**
 * Shows how far a stage's pipeline is, and cancels it when the process is told to end: on a cluster
 * it would go on writing into a folder that the next run begins anew.
 *
 * @param unit of the progress, in what the pipeline counts
 */
public record PipelineProgress(PipelineContext context, Progress progress, long unit)
    implements BeamRun.Monitor {
  /** Shows what is counted as it is. */
  public PipelineProgress(PipelineContext context, Progress progress) {
    this(context, progress, 1);
  }

  @Override
  public void counted(long value) {
    progress.update(value / unit);
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
