package simsiam.model.train;

import java.util.Map;

/**
 * What one epoch of training measured; one line of {@code history.jsonl}.
 *
 * @param epoch counted from 1
 * @param step optimiser steps done by the end of the epoch
 * @param loss mean over the epoch's steps
 * @param outputStd mean over the epoch's steps
 * @param collapseLevel 1 - outputStd·√d: about 0 when healthy, above 0.5 the run counts as
 *     collapsed
 * @param lr encoder's rate at the epoch's last step
 * @param predictorLr predictor's rate at the epoch's last step
 * @param imagesPerSecond images trained a second, evaluation not counted
 * @param evaluations figures of the evaluation after this epoch, such as {@code knn_top1} in
 *     percent; empty where none was due
 */
public record EpochRecord(
    int epoch,
    long step,
    double loss,
    double outputStd,
    double collapseLevel,
    double lr,
    double predictorLr,
    double imagesPerSecond,
    Map<String, Double> evaluations) {
  public EpochRecord {
    evaluations = Map.copyOf(evaluations);
  }

  public boolean collapsed() {
    return collapseLevel > 0.5;
  }
}
