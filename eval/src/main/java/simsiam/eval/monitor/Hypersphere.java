package simsiam.eval.monitor;

import simsiam.model.engine.LinearAlgebra;

/**
 * How features lie on the unit sphere (Wang and Isola 2020, "Understanding contrastive
 * representation learning through alignment and uniformity on the hypersphere"). Features are
 * scaled to length 1 first; one that is 0 stays 0. Letters: N images, D channels.
 */
public final class Hypersphere {
  /** t of the uniformity, the paper's. */
  private static final double SCALE = 2;

  private Hypersphere() {}

  /**
   * Alignment (section 4.1.1, α = 2): the mean squared distance between the features of two views
   * of an image, 0 to 4; the less, the more alike.
   *
   * @param views {@code [2·N, D]}: first views, then second views, of the same images
   */
  public static double alignment(float[] views, int images, int dim) {
    double sum = 0;
    for (int i = 0; i < images; i++) {
      double first = inverseNorm(views, i * dim, dim);
      double second = inverseNorm(views, (images + i) * dim, dim);
      for (int j = 0; j < dim; j++) {
        double difference = first * views[i * dim + j] - second * views[(images + i) * dim + j];
        sum += difference * difference;
      }
    }
    return sum / images;
  }

  /**
   * Uniformity (section 4.1.2, t = 2): the logarithm of the mean over pairs of images of {@code
   * exp(-2·distance²)}, from 0 where all features are the same down to about -4; the less, the more
   * evenly they are spread. Products are float32, by which it is right to about 1e-6.
   *
   * @param features {@code [N, D]}, at least two
   */
  public static double uniformity(LinearAlgebra algebra, float[] features, int dim) {
    int n = features.length / dim;
    if (n < 2) {
      throw new IllegalArgumentException(
          "Cannot measure uniformity: expected at least 2 images, got " + n);
    }
    float[] unit = new float[n * dim];
    double[] squares = new double[n];
    for (int i = 0; i < n; i++) {
      double scale = inverseNorm(features, i * dim, dim);
      for (int j = i * dim; j < (i + 1) * dim; j++) {
        unit[j] = (float) (scale * features[j]);
      }
      squares[i] = scale > 0 ? 1 : 0;
    }
    float[] cosines = new float[Math.multiplyExact(n, n)];
    algebra.gemm(false, true, n, n, dim, unit, 0, unit, 0, cosines);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double distance = Math.max(0, squares[i] + squares[j] - 2.0 * cosines[i * n + j]);
        sum += Math.exp(-SCALE * distance);
      }
    }
    return Math.log(sum / (n * (n - 1.0) / 2));
  }

  private static double inverseNorm(float[] values, int from, int dim) {
    double sum = 0;
    for (int j = from; j < from + dim; j++) {
      sum += (double) values[j] * values[j];
    }
    return sum > 0 ? 1 / Math.sqrt(sum) : 0;
  }
}
