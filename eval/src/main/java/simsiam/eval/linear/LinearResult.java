package simsiam.eval.linear;

import java.util.List;
import simsiam.eval.EvalReport;

/**
 * Accuracy of the linear probe. The best epoch is chosen on the test split itself, as published
 * figures mostly are: it flatters, {@code last} does not.
 *
 * @param train images trained on
 * @param trainUnlabelled images of the train split left out because their class is unknown
 * @param last after the last epoch
 * @param best after {@code bestEpoch}, the first with the highest top-1
 * @param curve one entry an epoch
 */
public record LinearResult(
    LinearSpec spec,
    long seed,
    int train,
    int trainUnlabelled,
    EvalReport last,
    EvalReport best,
    int bestEpoch,
    List<LinearEpoch> curve) {
  public LinearResult {
    curve = List.copyOf(curve);
  }
}
