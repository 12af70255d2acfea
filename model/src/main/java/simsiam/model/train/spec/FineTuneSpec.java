package simsiam.model.train.spec;

import java.util.List;
import simsiam.model.config.Checks;
import simsiam.model.config.Execution;

/**
 * Supervised training of an encoder and a linear head, end to end, by SGD with momentum.
 *
 * @param batchSize N, images a step, or all images where there are fewer; the last, incomplete
 *     batch of an epoch is dropped
 * @param lr learning rate of the encoder as it is used, whatever the batch size
 * @param headLr learning rate of the head
 * @param weightDecay on every parameter
 * @param decayEpochs epochs after which both rates are multiplied by {@code decayFactor},
 *     ascending; empty: they fall by half a cosine to 0, step by step
 * @param loaderThreads threads that make views; 0: one less than the machine's cores, at least one
 */
public record FineTuneSpec(
    int epochs,
    int batchSize,
    double lr,
    double headLr,
    double momentum,
    double weightDecay,
    List<Integer> decayEpochs,
    double decayFactor,
    @Execution int loaderThreads) {
  private static final int MAX = 1_000_000;
  private static final int MAX_THREADS = 1024;

  public FineTuneSpec {
    decayEpochs = List.copyOf(decayEpochs);
    new Checks()
        .atLeast("epochs", epochs, 1)
        .atMost("epochs", epochs, MAX)
        .atLeast("batch_size", batchSize, 2)
        .atMost("batch_size", batchSize, MAX)
        .notNegative("lr", lr)
        .notNegative("head_lr", headLr)
        .between("momentum", momentum, 0, 0.9999)
        .notNegative("weight_decay", weightDecay)
        .require(
            "decay_epochs",
            decayEpochs,
            ascend(decayEpochs, epochs),
            "ascending epochs from 1 to less than epochs (" + epochs + ")")
        .between("decay_factor", decayFactor, 0, 1)
        .atLeast("loader_threads", loaderThreads, 0)
        .atMost("loader_threads", loaderThreads, MAX_THREADS)
        .done();
  }

  private static boolean ascend(List<Integer> decayEpochs, int epochs) {
    int last = 0;
    for (int epoch : decayEpochs) {
      if (epoch <= last || epoch >= epochs) {
        return false;
      }
      last = epoch;
    }
    return true;
  }

  /**
   * What both rates are multiplied by.
   *
   * @param step counted from 0
   */
  public double factor(long step, long stepsPerEpoch) {
    if (decayEpochs.isEmpty()) {
      return (1 + Math.cos(Math.PI * step / ((double) epochs * stepsPerEpoch))) / 2;
    }
    long passed = decayEpochs.stream().filter(epoch -> step >= epoch * stepsPerEpoch).count();
    return Math.pow(decayFactor, (double) passed);
  }
}
