package simsiam.model.train;

import java.util.List;
import java.util.Objects;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.net.NetworkSpec;
import simsiam.model.train.spec.TrainSpec;

/**
 * Everything but tensors that a checkpoint holds; with the tensors it decides all later steps.
 *
 * @param epoch epochs completed
 * @param batch batches done of the epoch after that
 * @param step optimiser steps done
 * @param lossSum sum of the losses of those {@code batch} steps
 * @param stdSum sum of their output deviations
 * @param augment with the mean and deviation that were used filled in
 * @param engine that took the last step
 * @param arithmetic what the steps were taken on, the first of all steps first; more than one entry
 *     where training was continued elsewhere, empty in checkpoints of versions that did not record
 *     it
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
    List<Arithmetic> arithmetic,
    List<EpochRecord> history) {
  public TrainingState {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(augment, "augment");
    Objects.requireNonNull(train, "train");
    arithmetic = arithmetic == null ? List.of() : List.copyOf(arithmetic);
    history = List.copyOf(history);
  }
}
