package simsiam.model.engine.nd4j.host;

import java.util.Arrays;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.net.Loss.NegativeCosine;

/**
 * Standard deviation (unbiased) over the batch of each channel of z/|z|, averaged over channels and
 * views: the collapse monitor (paper §4.1).
 */
final class OutputStd {
  private OutputStd() {}

  static double of(FeatureMap z, int views) {
    int batch = z.shape().batch() / views;
    int d = z.shape().channels();
    double[] mean = new double[d];
    double[] squares = new double[d];
    double total = 0;
    for (int view = 0; view < views; view++) {
      Arrays.fill(mean, 0);
      Arrays.fill(squares, 0);
      for (int row = 0; row < batch; row++) {
        add(unit(z, view * batch + row), row + 1, mean, squares);
      }
      for (double square : squares) {
        total += Math.sqrt(square / (batch - 1));
      }
    }
    return total / (views * d);
  }

  /** Welford's update: exact however small the deviation is against the mean. */
  private static void add(double[] row, int count, double[] mean, double[] squares) {
    for (int i = 0; i < row.length; i++) {
      double delta = row[i] - mean[i];
      mean[i] += delta / count;
      squares[i] += delta * (row[i] - mean[i]);
    }
  }

  private static double[] unit(FeatureMap z, int row) {
    float[] values = new float[z.shape().channels()];
    z.values().get(row * values.length, values, 0, values.length);
    double norm = 0;
    for (float value : values) {
      norm += (double) value * value;
    }
    norm = Math.max(Math.sqrt(norm), NegativeCosine.EPSILON);
    double[] unit = new double[values.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = values[i] / norm;
    }
    return unit;
  }
}
