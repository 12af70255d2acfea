package simsiam.model.engine.nd4j.host;

import java.util.Arrays;
import simsiam.model.engine.nd4j.kernels.FeatureMap;

/** Mean over the pixels of each map. */
final class AveragePool {
  private final FeatureMap x;
  private final FeatureMap pooled;
  private final Workers workers;

  AveragePool(FeatureMap x, FeatureMap pooled, Workers workers) {
    this.x = x;
    this.pooled = pooled;
    this.workers = workers;
  }

  void forward() {
    int channels = x.shape().channels();
    int pixels = x.shape().height() * x.shape().width();
    workers.run(
        x.shape().batch(),
        (image, scratch) -> {
          float[] pixel = scratch.floats(0, channels);
          float[] sum = scratch.floats(1, channels);
          Arrays.fill(sum, 0, channels, 0f);
          for (int i = 0; i < pixels; i++) {
            x.read((image * pixels + i) * channels, pixel, 0, channels);
            Loops.add(sum, pixel, channels);
          }
          Loops.multiply(sum, 1f / pixels, channels);
          pooled.write(image * channels, sum, 0, channels);
        });
  }

  /** From the gradient of the pooled rows to that of the maps. */
  void backward(FeatureMap gradient, FeatureMap dx) {
    int channels = x.shape().channels();
    int pixels = x.shape().height() * x.shape().width();
    workers.run(
        x.shape().batch(),
        (image, scratch) -> {
          float[] row = scratch.floats(0, channels);
          gradient.read(image * channels, row, 0, channels);
          Loops.multiply(row, 1f / pixels, channels);
          for (int i = 0; i < pixels; i++) {
            dx.write((image * pixels + i) * channels, row, 0, channels);
          }
        });
  }
}
