package simsiam.eval.embed;

import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** How points vary about their mean. Letters: N points, D channels. */
final class Covariance {
  private static final int BLOCK = 32;

  private Covariance() {}

  /**
   * Means of the channels of points {@code [N, D]}, row-major; from the first point on, so that the
   * mean of equal points is exactly theirs.
   */
  static double[] mean(float[] points, int dim) {
    int n = points.length / dim;
    double[] mean = new double[dim];
    for (int i = 0; i < points.length; i++) {
      mean[i % dim] += ((double) points[i] - points[i % dim]) / n;
    }
    for (int j = 0; j < dim; j++) {
      mean[j] += points[j];
    }
    return mean;
  }

  /** Points {@code [N, D]} seen from their mean, or from another place. */
  static DMatrixRMaj centred(float[] points, double[] mean) {
    int dim = mean.length;
    DMatrixRMaj centred = new DMatrixRMaj(points.length / dim, dim);
    for (int i = 0; i < points.length; i++) {
      centred.data[i] = points[i] - mean[i % dim];
    }
    return centred;
  }

  /**
   * Products of the columns, over a divisor. Rows are taken in blocks that stay in the cache, as
   * EJML's own product does not: thousands of rows of 2,048 channels are a matter of seconds then.
   */
  static DMatrixRMaj products(DMatrixRMaj matrix, int divisor) {
    int size = matrix.numCols;
    double[] values = matrix.data;
    DMatrixRMaj products = new DMatrixRMaj(size, size);
    for (int block = 0; block < matrix.numRows; block += BLOCK) {
      int end = Math.min(matrix.numRows, block + BLOCK);
      int first = block;
      IntStream.range(0, size)
          .parallel() // each thread its own rows of the products, whose sums keep their order
          .forEach(
              i -> {
                for (int row = first; row < end; row++) {
                  double factor = values[row * size + i] / divisor;
                  addScaled(products.data, i * size, i + 1, values, row * size, factor);
                }
              });
    }
    CommonOps_DDRM.symmLowerToFull(products);
    return products;
  }

  private static void addScaled(
      double[] sum, int at, int count, double[] values, int from, double factor) {
    for (int j = 0; j < count; j++) {
      sum[at + j] += factor * values[from + j];
    }
  }
}
