package simsiam.eval.embed;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * How a set of features is spread over the directions of its space: the singular values of its
 * covariance (divisor N), which fall to nothing where directions are not used (Jing et al. 2022,
 * "Understanding dimensional collapse", section 3). Letters: N points, D channels.
 */
public final class Spectrum {
  /** A value of less than this share of the largest, times D, is rounding. */
  private static final double ROUNDING = Math.ulp(1.0);

  private static final int BLOCK = 32;

  private final double[] values;

  private Spectrum(double[] values) {
    this.values = values;
  }

  /**
   * The spectrum of points.
   *
   * @param points {@code [N, D]}, row-major, all finite
   */
  public static Spectrum of(float[] points, int dim) {
    return of(points, dim, true);
  }

  /**
   * The same without taking their mean away: the squares of the singular values of the points
   * themselves, over N.
   */
  public static Spectrum uncentred(float[] points, int dim) {
    return of(points, dim, false);
  }

  private static Spectrum of(float[] points, int dim, boolean centre) {
    int n = points.length / dim;
    if (n < 1 || n * dim != points.length) {
      throw new IllegalArgumentException(
          "Cannot take a spectrum: expected rows of %s channels, got %s values"
              .formatted(dim, points.length));
    }
    DMatrixRMaj matrix = matrix(points, dim, centre ? mean(points, n, dim) : new double[dim]);
    if (n < dim) { // the same values but for zeros, by a smaller matrix
      CommonOps_DDRM.transpose(matrix);
    }
    return new Spectrum(eigenvalues(products(matrix, n)));
  }

  /**
   * Products of the columns, over n. Rows are taken in blocks that stay in the cache, as EJML's own
   * product does not: thousands of rows of 2,048 channels are a matter of seconds then.
   */
  private static DMatrixRMaj products(DMatrixRMaj matrix, int n) {
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
                  double factor = values[row * size + i] / n;
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

  /** From the first point on, so that the mean of equal points is exactly theirs. */
  private static double[] mean(float[] points, int n, int dim) {
    double[] mean = new double[dim];
    for (int i = 0; i < points.length; i++) {
      mean[i % dim] += ((double) points[i] - points[i % dim]) / n;
    }
    for (int j = 0; j < dim; j++) {
      mean[j] += points[j];
    }
    return mean;
  }

  private static DMatrixRMaj matrix(float[] points, int dim, double[] origin) {
    DMatrixRMaj matrix = new DMatrixRMaj(points.length / dim, dim);
    for (int i = 0; i < points.length; i++) {
      matrix.data[i] = points[i] - origin[i % dim];
    }
    return matrix;
  }

  /** Those that are more than rounding, largest first. */
  private static double[] eigenvalues(DMatrixRMaj symmetric) {
    int size = symmetric.getNumRows();
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(size, false, true);
    if (!eigen.decompose(symmetric)) {
      throw new IllegalStateException(
          "Cannot take a spectrum: expected eigenvalues of a covariance of %s channels, got none"
              .formatted(size));
    }
    double[] rising = new double[size];
    for (int i = 0; i < size; i++) {
      rising[i] = eigen.getEigenvalue(i).getReal();
    }
    Arrays.sort(rising);
    double least = Math.max(0, rising[size - 1]) * size * ROUNDING;
    double[] values = new double[size];
    int count = 0;
    for (int i = size - 1; i >= 0 && rising[i] > least; i--) {
      values[count++] = rising[i];
    }
    return Arrays.copyOf(values, count);
  }

  /**
   * The singular values, largest first: at most the lesser of N and D, fewer where directions are
   * not used at all.
   */
  public double[] values() {
    return values.clone();
  }
}
