package simsiam.model.engine.torch;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import simsiam.model.engine.Rates;
import simsiam.model.net.ParameterSpec;

/**
 * SGD with heavy-ball momentum and coupled weight decay, as {@link Rates} says: PyTorch's {@code
 * SGD} without dampening, operation by operation, each over all tensors at once.
 */
final class SgdMomentum {
  private final TorchParameters parameters;
  private final FlatTensors weights;
  private final FlatTensors gradients;
  private final FlatTensors momentum;
  private final List<ParameterSpec> encoder; // stored before those of the predictor

  SgdMomentum(TorchParameters parameters) {
    this.parameters = parameters;
    weights = parameters.trained();
    gradients = parameters.gradients();
    momentum = parameters.momentum();
    encoder = weights.specs().stream().filter(spec -> !spec.predictor()).toList();
  }

  /** Moves every trained tensor in place. Needs a pointer scope, and recording off. */
  void update(Rates rates) {
    parameters.gatherGradients();
    if (rates.weightDecay() != 0) {
      gradients.flat().add_(weights.flat(), new Scalar(rates.weightDecay()));
    }
    momentum.flat().mul_(new Scalar(rates.momentum()));
    momentum.flat().add_(gradients.flat());
    weights.head(encoder).add_(momentum.head(encoder), new Scalar(-rates.encoder()));
    weights.behind(encoder).add_(momentum.behind(encoder), new Scalar(-rates.predictor()));
    parameters.roundTrained();
  }
}
