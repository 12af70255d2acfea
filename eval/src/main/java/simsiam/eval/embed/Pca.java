package simsiam.eval.embed;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.QRDecomposition;

/**
 * The leading principal components of a set of points, by orthogonal iteration on the covariance
 * with a Rayleigh-Ritz step. Deterministic: a fixed start, and each component signed so that its
 * largest loading is positive. Letters: N points, D channels, K components.
 */
public final class Pca {
  /** Columns iterated beyond K: they take up the eigenvalues next in size and speed things up. */
  private static final int GUARD = 6;

  private static final int MOST_ITERATIONS = 500;
  private static final double TOLERANCE = 1e-10;

  private final double[] mean;
  private final double[][] components;
  private final double[] variances;
  private final double total;

  private Pca(double[] mean, double[][] components, double[] variances, double total) {
    this.mean = mean;
    this.components = components;
    this.variances = variances;
    this.total = total;
  }

  /**
   * Fits K components.
   *
   * @param points {@code [N, D]}, row-major
   */
  public static Pca fit(float[] points, int dim, int k) {
    int n = points.length / dim;
    if (n < 2 || k > dim) {
      throw new IllegalArgumentException(
          "Cannot find %s principal components: expected 2 points or more of %s channels or more, got %s of %s"
              .formatted(k, k, n, dim));
    }
    double[] mean = Covariance.mean(points, dim);
    DMatrixRMaj covariance = Covariance.products(Covariance.centred(points, mean), n - 1);
    double total = CommonOps_DDRM.trace(covariance);
    Subspace subspace = Subspace.leading(covariance, k, TOLERANCE * total);
    double[][] components = new double[k][];
    for (int c = 0; c < k; c++) {
      components[c] = subspace.vector(c);
      sign(components[c]);
    }
    return new Pca(mean, components, subspace.values(), total);
  }

  /** Unit vector of component c: {@code [D]}. */
  public double[] component(int c) {
    return components[c].clone();
  }

  /** Variance along component c (divisor N - 1). */
  public double variance(int c) {
    return variances[c];
  }

  /** Share of the total variance along component c, 0 to 1; 0 if the points are all equal. */
  public double share(int c) {
    return total > 0 ? variances[c] / total : 0;
  }

  /** Coordinate along component c of the point at {@code offset}. */
  public double project(float[] points, int offset, int c) {
    double sum = 0;
    for (int j = 0; j < mean.length; j++) {
      sum += (points[offset + j] - mean[j]) * components[c][j];
    }
    return sum;
  }

  /**
   * Directions that a symmetric matrix maps close to each other's span, turned to its eigenvectors
   * within it.
   *
   * @param basis orthonormal columns: {@code [D, R]}, eigenvectors of the largest values first
   * @param image the basis times the matrix: {@code [D, R]}
   * @param values {@code [R]}, largest first
   */
  @SuppressWarnings("ArrayRecordComponent") // numbers on the way, never compared
  private record Subspace(DMatrixRMaj basis, DMatrixRMaj image, double[] values) {
    static Subspace leading(DMatrixRMaj matrix, int k, double tolerance) {
      int dim = matrix.numRows;
      DMatrixRMaj basis = orthonormal(start(dim, Math.min(dim, k + GUARD)));
      Subspace subspace = of(matrix, basis);
      for (int i = 1; i < MOST_ITERATIONS && subspace.residual(k) > tolerance; i++) {
        subspace = of(matrix, orthonormal(subspace.image));
      }
      return subspace;
    }

    /** The Rayleigh-Ritz step. */
    private static Subspace of(DMatrixRMaj matrix, DMatrixRMaj basis) {
      int size = basis.numCols;
      DMatrixRMaj image = CommonOps_DDRM.mult(matrix, basis, null);
      DMatrixRMaj small = CommonOps_DDRM.multTransA(basis, image, null);
      CommonOps_DDRM.symmLowerToFull(small);
      EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(size, true, true);
      if (!eigen.decompose(small)) {
        throw new IllegalStateException(
            "Cannot find principal components: expected eigenvalues of a covariance of %s channels, got none"
                .formatted(matrix.numRows));
      }
      int[] order =
          IntStream.range(0, size)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -eigen.getEigenvalue(i).getReal()))
              .mapToInt(Integer::intValue)
              .toArray();
      DMatrixRMaj turn = new DMatrixRMaj(size, size);
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        values[i] = eigen.getEigenvalue(order[i]).getReal();
        CommonOps_DDRM.insert(eigen.getEigenVector(order[i]), turn, 0, i);
      }
      return new Subspace(
          CommonOps_DDRM.mult(basis, turn, null), CommonOps_DDRM.mult(image, turn, null), values);
    }

    private static DMatrixRMaj orthonormal(DMatrixRMaj columns) {
      QRDecomposition<DMatrixRMaj> qr =
          DecompositionFactory_DDRM.qr(columns.numRows, columns.numCols);
      if (!qr.decompose(columns.copy())) {
        throw new IllegalStateException(
            "Cannot find principal components: expected finite points, got others");
      }
      return qr.getQ(null, true);
    }

    /** Columns without structure that the points could be orthogonal to; no generator is needed. */
    private static DMatrixRMaj start(int dim, int columns) {
      DMatrixRMaj start = new DMatrixRMaj(dim, columns);
      for (int c = 0; c < columns; c++) {
        for (int j = 0; j < dim; j++) {
          start.set(j, c, Math.sin(1.0 + (c + 1) * (j + 1.0) * (j + 1.0)) + (c == j ? 1 : 0));
        }
      }
      return start;
    }

    /** By how much the first k columns are no eigenvectors. */
    private double residual(int k) {
      double worst = 0;
      for (int c = 0; c < k; c++) {
        for (int j = 0; j < basis.numRows; j++) {
          worst = Math.max(worst, Math.abs(image.get(j, c) - values[c] * basis.get(j, c)));
        }
      }
      return worst;
    }

    double[] vector(int c) {
      return CommonOps_DDRM.extractColumn(basis, c, null).data;
    }
  }

  private static void sign(double[] component) {
    int largest = 0;
    for (int j = 1; j < component.length; j++) {
      if (Math.abs(component[j]) > Math.abs(component[largest])) {
        largest = j;
      }
    }
    if (component[largest] < 0) {
      for (int j = 0; j < component.length; j++) {
        component[j] = -component[j];
      }
    }
  }
}
