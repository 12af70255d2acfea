package simsiam.model.engine.torch;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.net.HeadLayer;

/** The projector or the predictor: [N, in] to [N, out]; without layers the identity. */
final class TorchHead {
  private final List<Layer> layers;

  TorchHead(List<HeadLayer> layers, TorchWeights weights) {
    this.layers = layers.stream().map(layer -> Layer.of(layer, weights)).toList();
  }

  Tensor forward(Tensor x) {
    Tensor y = x;
    for (Layer layer : layers) {
      y = layer.forward(y);
    }
    return y;
  }

  private record Layer(
      Tensor weight, Optional<Tensor> bias, Optional<BatchNorm> norm, boolean relu) {
    static Layer of(HeadLayer layer, TorchWeights weights) {
      return new Layer(
          weights.get(layer.name() + ".weight"),
          weights.find(layer.name() + ".bias"),
          layer.batchNorm() ? Optional.of(BatchNorm.of(layer.norm(), weights)) : Optional.empty(),
          layer.relu());
    }

    Tensor forward(Tensor x) {
      torch.ScalarType type = x.scalar_type();
      TensorOptional shift =
          bias.map(b -> new TensorOptional(b.to(type))).orElseGet(TensorOptional::new);
      Tensor y = torch.linear(x, weight.to(type), shift);
      if (norm.isPresent()) {
        y = norm.get().forward(y, true);
      }
      return relu ? torch.relu(y) : y;
    }
  }
}
