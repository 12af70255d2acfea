package simsiam.model.engine.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.net.ConvSpec;

/** A convolution without bias and its batch norm: [N, in, H, W] to [N, out, H', W']. */
record ConvNorm(ConvSpec spec, Tensor weight, BatchNorm norm) {

  static ConvNorm of(ConvSpec spec, TorchWeights weights) {
    return new ConvNorm(
        spec, weights.get(spec.name() + ".weight"), BatchNorm.of(spec.norm(), weights));
  }

  /** Needs a pointer scope. */
  Tensor forward(Tensor x, boolean training) {
    Tensor kernel = weight.to(x.scalar_type());
    long[] stride = {spec.stride(), spec.stride()};
    long[] padding = {spec.padding(), spec.padding()};
    long[] dilation = {1, 1};
    Tensor y = torch.conv2d(x, kernel, new TensorOptional(), stride, padding, dilation, 1);
    return norm.forward(y, training);
  }
}
