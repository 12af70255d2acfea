package simsiam.model.engine.torch;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import simsiam.model.engine.Rates;
import simsiam.model.engine.torch.TorchWeights.Trained;

/**
 * SGD with heavy-ball momentum and coupled weight decay, as {@link Rates} says: PyTorch's {@code
 * SGD} without dampening, operation by operation.
 */
final class HeavyBall {
  private HeavyBall() {}

  /**
   * Moves every trained tensor in place. Needs a pointer scope, and recording off.
   *
   * @param gradients in the order of {@code trained}
   */
  static void update(List<Trained> trained, TensorVector gradients, Rates rates) {
    Scalar momentum = new Scalar(rates.momentum());
    Scalar weightDecay = new Scalar(rates.weightDecay());
    Scalar encoder = new Scalar(-rates.encoder());
    Scalar predictor = new Scalar(-rates.predictor());
    for (int i = 0; i < trained.size(); i++) {
      Trained target = trained.get(i);
      Tensor gradient = gradients.get(i);
      if (rates.weightDecay() != 0) {
        gradient = gradient.add(target.weight(), weightDecay);
      }
      target.momentum().mul_(momentum);
      target.momentum().add_(gradient);
      target.weight().add_(target.momentum(), target.spec().predictor() ? predictor : encoder);
    }
  }
}
