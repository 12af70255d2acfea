package simsiam.model.engine.nd4j.host;

import java.util.Arrays;
import java.util.Optional;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.Parameter;

/** The bias of a linear layer without batch norm, or nothing at all. */
final class BiasScaling extends ChannelScaling {
  private final Optional<Parameter> bias;
  private final double[] values;
  private final double[] gradient;

  BiasScaling(Optional<Parameter> bias, FeatureMap y, int views, Workers workers) {
    super(y, views, workers);
    this.bias = bias;
    values = new double[tiling.channels()];
    gradient = new double[tiling.channels()];
    for (float[] tile : scale) {
      Arrays.fill(tile, 1f);
    }
  }

  @Override
  Kernel preparation() {
    return this::prepare;
  }

  private void prepare() {
    bias.ifPresent(parameter -> parameter.read(values));
    for (float[] tile : shift) {
      tiling.repeat(values, tile);
    }
    Arrays.fill(gradient, 0);
  }

  @Override
  void gradient(int view, double[] sums, double[] products, Coefficients out) {
    for (int i = 0; i < sums.length; i++) {
      gradient[i] += sums[i];
    }
    Arrays.fill(out.a(), 1);
    Arrays.fill(out.b(), 0);
    Arrays.fill(out.c(), 0);
  }

  @Override
  void storeGradients() {
    bias.ifPresent(parameter -> parameter.writeGradient(gradient));
  }
}
