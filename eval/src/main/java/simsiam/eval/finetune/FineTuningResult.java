package simsiam.eval.finetune;

import java.util.List;
import simsiam.eval.EvalReport;
import simsiam.model.train.FineTuner;

/**
 * What fine-tuning on some labels came to.
 *
 * @param fraction of each class's labels
 * @param images trained on
 * @param last after the last epoch
 * @param history an entry an epoch
 */
public record FineTuningResult(
    double fraction, int images, EvalReport last, List<FineTuner.Epoch> history) {
  public FineTuningResult {
    history = List.copyOf(history);
  }

  /** Of one encoder, by rising fraction. */
  public record All(List<FineTuningResult> fits) {
    public All {
      fits = List.copyOf(fits);
    }
  }
}
