package simsiam.eval.linear;

import simsiam.model.config.Checks;

/**
 * Linear probe on frozen features (paper §4, "linear evaluation"): SGD with momentum 0.9, no weight
 * decay, cosine decay.
 *
 * @param lr learning rate, as it is (not scaled with the batch)
 * @param standardize whether features are shifted and scaled by the train split's mean and
 *     deviation
 */
public record LinearSpec(int epochs, int batchSize, double lr, boolean standardize) {
  private static final int MAX_EPOCHS = 1_000_000;
  private static final double MAX_RATE = 1e30;

  public LinearSpec {
    new Checks()
        .atLeast("epochs", epochs, 1)
        .atMost("epochs", epochs, MAX_EPOCHS)
        .atLeast("batch_size", batchSize, 1)
        .positive("lr", lr)
        .atMost("lr", lr, MAX_RATE)
        .done();
  }
}
