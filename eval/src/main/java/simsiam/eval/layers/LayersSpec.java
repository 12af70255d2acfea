package simsiam.eval.layers;

import java.util.List;
import simsiam.eval.linear.NormalizedProbe;
import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;

/**
 * Probes on the layers of the encoder.
 *
 * @param maxDim most values of a layer that is not pooled to one cell, see {@link LayerTaps}; 0: no
 *     layers are probed
 * @param epochs of the published protocol, see {@link NormalizedProbe}; 0: only the converged probe
 * @param milestones epochs after which its rate falls tenfold
 */
public record LayersSpec(
    @Neutral("0") int maxDim,
    @Neutral("90") int epochs,
    @Neutral("256") int batchSize,
    @Neutral("0.01") double lr,
    @Neutral("0.0001") double weightDecay,
    @Neutral("[60, 80]") List<Integer> milestones) {
  private static final int MOST_DIM = 1 << 16;
  private static final int MOST_EPOCHS = 1_000_000;

  public LayersSpec {
    milestones = List.copyOf(milestones);
    new Checks()
        .atLeast("max_dim", maxDim, 0)
        .atMost("max_dim", maxDim, MOST_DIM)
        .atLeast("epochs", epochs, 0)
        .atMost("epochs", epochs, MOST_EPOCHS)
        .atLeast("batch_size", batchSize, 2)
        .positive("lr", lr)
        .notNegative("weight_decay", weightDecay)
        .require("milestones", milestones, rising(milestones), "rising epochs, or none")
        .done();
  }

  public boolean on() {
    return maxDim > 0;
  }

  NormalizedProbe.Sgd sgd() {
    return new NormalizedProbe.Sgd(epochs, batchSize, lr, weightDecay, milestones);
  }

  private static boolean rising(List<Integer> epochs) {
    int before = 0;
    for (int epoch : epochs) {
      if (epoch <= before) {
        return false;
      }
      before = epoch;
    }
    return true;
  }
}
