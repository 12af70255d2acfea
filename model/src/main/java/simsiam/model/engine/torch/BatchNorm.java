package simsiam.model.engine.torch;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.net.Node;

/**
 * Batch norm over [N, C] or [N, C, H, W], as PyTorch's layers: in training by the statistics of the
 * batch, which also move the running ones (the variance unbiased).
 */
record BatchNorm(
    Optional<Tensor> scale, Optional<Tensor> shift, Tensor runningMean, Tensor runningVariance) {
  private static final boolean CUDNN = true;

  static BatchNorm of(String name, TorchWeights weights) {
    return new BatchNorm(
        weights.find(name + ".weight"),
        weights.find(name + ".bias"),
        weights.get(name + ".running_mean"),
        weights.get(name + ".running_var"));
  }

  /** Needs a pointer scope. */
  Tensor forward(Tensor x, boolean training) {
    return torch.batch_norm(
        x,
        scale.map(TensorOptional::new).orElseGet(TensorOptional::new),
        shift.map(TensorOptional::new).orElseGet(TensorOptional::new),
        new TensorOptional(runningMean),
        new TensorOptional(runningVariance),
        training,
        Node.BatchNorm.MOMENTUM,
        Node.BatchNorm.EPSILON,
        CUDNN);
  }
}
