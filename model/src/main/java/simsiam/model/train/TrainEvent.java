package simsiam.model.train;

import java.nio.file.Path;
import simsiam.model.engine.StepMetrics;

/** What training tells its listener. */
public sealed interface TrainEvent {
  /**
   * An optimiser step is done.
   *
   * @param step steps done so far, this one counted
   * @param images images trained a step
   */
  record Step(int epoch, long step, long totalSteps, int images, StepMetrics metrics)
      implements TrainEvent {}

  /** An epoch and its evaluation, if one was due, are done. */
  record Epoch(EpochRecord record) implements TrainEvent {}

  /** A checkpoint is about to be written: what was told so far will not be told again. */
  record Saving(long step) implements TrainEvent {}

  /** A checkpoint is safe on disk. */
  record Saved(Path checkpoint) implements TrainEvent {}

  /** Training goes on from a checkpoint. */
  record Resumed(Path checkpoint, int epoch, long step) implements TrainEvent {}
}
