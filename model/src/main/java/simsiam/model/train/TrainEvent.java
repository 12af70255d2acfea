package simsiam.model.train;

import java.nio.file.Path;
import java.util.Optional;
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

  /** Training begins with untrained weights. */
  record Begun() implements TrainEvent {}

  /** Training goes on from a checkpoint. */
  record Resumed(Path checkpoint, int epoch, long step) implements TrainEvent {}

  /**
   * A checkpoint of an earlier attempt is damaged, and was moved out of the way.
   *
   * @param problem {@code expected ..., got ...}
   * @param keptAt where it is now
   */
  record Damaged(Path checkpoint, String problem, Path keptAt) implements TrainEvent {}

  /**
   * Rows of steps before the checkpoint are not in {@code steps.csv} any more; they come again only
   * if these steps are taken again.
   *
   * @param keptAt the table as it was found, if there was one
   */
  record RowsLost(long rows, Optional<Path> keptAt) implements TrainEvent {}

  /**
   * From here on the bits are no longer those of a training that was never moved.
   *
   * @param before what trained so far; empty if the checkpoint does not say
   */
  record Inexact(long step, Optional<Arithmetic> before, Arithmetic now) implements TrainEvent {}
}
