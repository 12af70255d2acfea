package simsiam.eval.embed;

import java.util.Arrays;
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
    double[] origin = centre ? Covariance.mean(points, dim) : new double[dim];
    DMatrixRMaj matrix = Covariance.centred(points, origin);
    if (n < dim) { // the same values but for zeros, by a smaller matrix
      CommonOps_DDRM.transpose(matrix);
    }
    return new Spectrum(eigenvalues(Covariance.products(matrix, n)));
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
