package simsiam.pipelines.report;

import java.util.List;
import simsiam.model.train.EpochRecord;
import simsiam.model.train.StepLog;

/**
 * The course of a pre-training run.
 *
 * @param history one record an epoch, at least one
 * @param steps the optimiser steps, in order; may be empty
 * @param outputDim d, channels of z: a healthy output deviation is about 1/√d
 * @param lossName what the loss is, such as {@code negative cosine similarity}
 */
public record Training(
    List<EpochRecord> history, List<StepLog.Row> steps, int outputDim, String lossName) {
  public Training {
    history = List.copyOf(history);
    steps = List.copyOf(steps);
    if (history.isEmpty() || outputDim < 1) {
      throw new IllegalArgumentException(
          "Cannot report training: expected an epoch or more and an output of 1 channel or more, got %s and %s"
              .formatted(history.size(), outputDim));
    }
  }

  public EpochRecord last() {
    return history.get(history.size() - 1);
  }

  /** 1/√d. */
  public double healthyStd() {
    return 1 / Math.sqrt(outputDim);
  }

  /** The epoch, counted from 0 with fractions, at the end of an optimiser step. */
  double epochOf(long step) {
    return (double) step * last().epoch() / last().step();
  }
}
