package simsiam.model.train;

import java.util.List;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.net.NetworkSpec;

/**
 * Everything but tensors that a checkpoint holds; with the tensors it decides all later steps.
 *
 * @param epoch epochs completed
 * @param batch batches done of the epoch after that
 * @param step optimiser steps done
 * @param lossSum sum of the losses of those {@code batch} steps
 * @param stdSum sum of their output deviations
 * @param augment with the mean and deviation that were used filled in
 * @param history of the completed epochs
 */
public record TrainingState(
    int epoch,
    int batch,
    long step,
    double lossSum,
    double stdSum,
    long seed,
    NetworkSpec network,
    AugmentSpec augment,
    TrainSpec train,
    String engine,
    List<EpochRecord> history) {
  public TrainingState {
    history = List.copyOf(history);
  }
}
