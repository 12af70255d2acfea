package simsiam.model.engine;

import simsiam.model.net.Tensor;

/** The CIFAR stem's convolution by its definition, in double precision. */
final class NaiveStem {
  private NaiveStem() {}

  /** Mean and unbiased variance of each output channel over a view [count, size, size, 3]. */
  static double[][] channelStatistics(float[] view, int count, int size, Tensor kernel) {
    int channels = (int) kernel.shape()[0];
    double[][] statistics = new double[channels][2];
    for (int c = 0; c < channels; c++) {
      double[] values = channel(view, count, size, kernel, c);
      double mean = 0;
      for (double value : values) {
        mean += value / values.length;
      }
      double variance = 0;
      for (double value : values) {
        variance += (value - mean) * (value - mean) / (values.length - 1);
      }
      statistics[c] = new double[] {mean, variance};
    }
    return statistics;
  }

  private static double[] channel(float[] view, int count, int size, Tensor kernel, int channel) {
    double[] values = new double[count * size * size];
    for (int n = 0; n < count; n++) {
      for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++) {
          values[(n * size + y) * size + x] = at(view, n, y, x, size, kernel, channel);
        }
      }
    }
    return values;
  }

  private static double at(
      float[] view, int n, int y, int x, int size, Tensor kernel, int channel) {
    double sum = 0;
    for (int in = 0; in < 3; in++) {
      for (int ky = Math.max(0, 1 - y); ky < Math.min(3, size + 1 - y); ky++) {
        for (int kx = Math.max(0, 1 - x); kx < Math.min(3, size + 1 - x); kx++) {
          int pixel = ((n * size + y + ky - 1) * size + x + kx - 1) * 3 + in;
          int weight = ((channel * 3 + in) * 3 + ky) * 3 + kx;
          sum += (double) view[pixel] * kernel.data()[weight];
        }
      }
    }
    return sum;
  }
}
