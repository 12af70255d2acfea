package simsiam.model.engine.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.net.ParameterSpec;

/**
 * One tensor of the network: its place in the flat arrays of weights, gradients and momentum.
 *
 * @param offset of its first value, the same in all three
 */
public record Parameter(
    ParameterSpec spec,
    int offset,
    NativeArray weights,
    NativeArray gradients,
    NativeArray momentum) {

  public INDArray weight(long... shape) {
    return weights.view(offset, shape);
  }

  public INDArray gradient(long... shape) {
    return gradients.view(offset, shape);
  }

  /** One value for each channel. */
  public void read(double[] channels) {
    for (int i = 0; i < channels.length; i++) {
      channels[i] = weights.values().get(offset + i);
    }
  }

  public void write(double[] channels) {
    for (int i = 0; i < channels.length; i++) {
      weights.values().put(offset + i, (float) channels[i]);
    }
  }

  public void writeGradient(double[] channels) {
    for (int i = 0; i < channels.length; i++) {
      gradients.values().put(offset + i, (float) channels[i]);
    }
  }
}
