package simsiam.eval.embed;

import java.util.Arrays;

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
    double[] mean = new double[dim];
    for (int i = 0; i < n * dim; i++) {
      mean[i % dim] += points[i] / (double) n;
    }
    double[][] covariance = covariance(points, n, mean);
    double total = 0;
    for (int j = 0; j < dim; j++) {
      total += covariance[j][j];
    }
    double[][] basis = start(dim, Math.min(dim, k + GUARD));
    double[] values = iterate(covariance, basis, k, total);
    double[][] components = Arrays.copyOf(basis, k);
    for (double[] component : components) {
      sign(component);
    }
    return new Pca(mean, components, Arrays.copyOf(values, k), total);
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

  private static double[][] covariance(float[] points, int n, double[] mean) {
    int dim = mean.length;
    double[][] covariance = new double[dim][dim];
    double[] centred = new double[dim];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < dim; j++) {
        centred[j] = points[i * dim + j] - mean[j];
      }
      for (int a = 0; a < dim; a++) {
        double factor = centred[a] / (n - 1);
        double[] row = covariance[a];
        for (int b = 0; b < dim; b++) {
          row[b] += factor * centred[b];
        }
      }
    }
    return covariance;
  }

  /** Rows without structure that the points could be orthogonal to; no generator is needed. */
  private static double[][] start(int dim, int rows) {
    double[][] basis = new double[rows][dim];
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < dim; j++) {
        basis[r][j] = Math.sin(1.0 + (r + 1) * (j + 1.0) * (j + 1.0)) + (r == j ? 1 : 0);
      }
    }
    Orthonormal.rows(basis);
    return basis;
  }

  /** Turns the basis into eigenvectors, largest first; returns their eigenvalues. */
  private static double[] iterate(double[][] matrix, double[][] basis, int k, double total) {
    double[] values = new double[basis.length];
    for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      double[][] image = new double[basis.length][];
      for (int r = 0; r < basis.length; r++) {
        image[r] = times(matrix, basis[r]);
      }
      values = RayleighRitz.rotate(basis, image);
      if (residual(basis, image, values, k) <= TOLERANCE * total) {
        break;
      }
      for (int r = 0; r < basis.length; r++) {
        basis[r] = image[r];
      }
      Orthonormal.rows(basis);
    }
    return values;
  }

  private static double residual(double[][] basis, double[][] image, double[] values, int k) {
    double worst = 0;
    for (int r = 0; r < k; r++) {
      for (int j = 0; j < basis[r].length; j++) {
        worst = Math.max(worst, Math.abs(image[r][j] - values[r] * basis[r][j]));
      }
    }
    return worst;
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] result = new double[vector.length];
    for (int i = 0; i < result.length; i++) {
      double sum = 0;
      for (int j = 0; j < vector.length; j++) {
        sum += matrix[i][j] * vector[j];
      }
      result[i] = sum;
    }
    return result;
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
