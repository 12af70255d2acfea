package simsiam.eval.linear;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Map;
import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;

/**
 * Linear probe on frozen features (paper §4, "linear evaluation"): momentum 0.9, no weight decay,
 * cosine decay.
 *
 * @param lr learning rate, as it is (not scaled with the batch)
 * @param standardize whether features are shifted and scaled by the train split's mean and
 *     deviation
 */
public record LinearSpec(
    int epochs,
    int batchSize,
    double lr,
    boolean standardize,
    @Neutral("sgd") LinearOptimizer optimizer) {
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

  /** By SGD. */
  public LinearSpec(int epochs, int batchSize, double lr, boolean standardize) {
    this(epochs, batchSize, lr, standardize, LinearOptimizer.SGD);
  }

  /** As results have it; those of earlier releases, which were by SGD alone, name no optimiser. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static LinearSpec of(Map<String, Object> values) {
    return new LinearSpec(
        (Integer) values.get("epochs"),
        (Integer) values.get("batch_size"),
        ((Number) values.get("lr")).doubleValue(),
        (Boolean) values.get("standardize"),
        LinearOptimizer.valueOf((String) values.getOrDefault("optimizer", "SGD")));
  }
}
