package simsiam.eval.probe;

import java.util.Optional;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureMatrix;
import simsiam.model.engine.LinearAlgebra;

/**
 * The Hessian of the regularised mean loss where all predictions are alike, {@code a·S + λI} for
 * every class with S the covariance of the features and a the mean of p(1-p); of more than {@link
 * #MOST_FACTORED} channels its diagonal, as standardised features have it, since factors would take
 * longer than all else.
 */
final class UniformCurvature implements Lbfgs.Preconditioner {
  private static final int MOST_FACTORED = 2048;

  /** Of more, factors take longer than the fit where there are fewer images than channels. */
  private static final int FEW_CHANNELS = 512;

  /** Rows for each channel that the covariance is of: its eigenvalues are then right to a half. */
  private static final int ROWS_A_CHANNEL = 16;

  /** Rows that one product sums over. */
  private static final int TERMS = 512;

  /** Of predictions that are all but certain: the curvature may not vanish. */
  private static final double LEAST_VARIANCE = 1e-5;

  private final int classes;
  private final int dim;
  private final double variance;
  private final double lambda;
  private final Optional<Cholesky> factors;

  private UniformCurvature(
      int classes, int dim, double variance, double lambda, Optional<Cholesky> factors) {
    this.classes = classes;
    this.dim = dim;
    this.variance = variance;
    this.lambda = lambda;
    this.factors = factors;
  }

  /**
   * For one fit.
   *
   * @param covariance see {@link #covariance}
   * @param variance a
   */
  static UniformCurvature of(
      Optional<float[][]> covariance, int classes, int dim, double variance, double lambda) {
    double mean = Math.max(variance, LEAST_VARIANCE);
    return new UniformCurvature(
        classes, dim, mean, lambda, covariance.map(matrix -> factors(matrix, mean, lambda)));
  }

  private static Cholesky factors(float[][] matrix, double mean, double lambda) {
    double trace = 0;
    for (int j = 0; j < matrix.length; j++) {
      trace += mean * matrix[j][j];
    }
    double ridge = lambda + 1e-7 * trace; // the products' rounding may leave it indefinite
    Optional<Cholesky> factors = Cholesky.of(matrix, mean, ridge);
    while (factors.isEmpty()) {
      ridge *= 10;
      factors = Cholesky.of(matrix, mean, ridge);
    }
    return factors.get();
  }

  @Override
  public void apply(double[] vector) {
    if (factors.isPresent()) {
      Cholesky solver = factors.get();
      IntStream.range(0, classes).parallel().forEach(k -> solver.solve(vector, k * dim));
    } else {
      for (int i = 0; i < classes * dim; i++) {
        vector[i] /= variance + lambda;
      }
    }
    for (int i = classes * dim; i < vector.length; i++) {
      vector[i] /= variance;
    }
  }

  /**
   * S of rows spread evenly over the matrix, shrunk towards the identity as far as so few rows make
   * it uncertain (Ledoit and Wolf 2004, lemma 3.3): where channels are all but independent their
   * chance correlations would be worse than none. Empty of too many channels, also for the number
   * of images.
   */
  static Optional<float[][]> covariance(LinearAlgebra algebra, TrainingRows train) {
    FeatureMatrix features = train.features();
    int dim = features.dim();
    if (dim > MOST_FACTORED || (dim > FEW_CHANNELS && train.size() < dim)) {
      return Optional.empty();
    }
    int rows = (int) Math.min(train.size(), (long) ROWS_A_CHANNEL * dim);
    float[][] sums = new float[dim][dim];
    float[] block = new float[Math.multiplyExact(TERMS, dim)];
    float[] square = new float[Math.multiplyExact(dim, dim)];
    double fourth = 0;
    for (int first = 0; first < rows; first += TERMS) {
      int count = Math.min(TERMS, rows - first);
      for (int i = 0; i < count; i++) {
        features.get((int) ((long) (first + i) * train.size() / rows), block, i * dim);
        double norm = 0;
        for (int j = i * dim; j < (i + 1) * dim; j++) {
          norm += block[j] * block[j];
        }
        fourth += norm * norm;
      }
      algebra.gemm(true, false, dim, dim, count, block, 0, block, 0, square);
      for (int i = 0; i < dim; i++) {
        for (int j = i; j < dim; j++) {
          sums[i][j] += square[i * dim + j] / rows;
        }
      }
    }
    shrink(sums, fourth / rows, rows);
    return Optional.of(sums);
  }

  /**
   * Shrinks the upper triangle.
   *
   * @param fourth mean of the rows' lengths to the fourth
   */
  private static void shrink(float[][] covariance, double fourth, int rows) {
    double squares = 0;
    double distance = 0;
    for (int i = 0; i < covariance.length; i++) {
      double diagonal = covariance[i][i];
      squares += diagonal * diagonal;
      distance += (diagonal - 1) * (diagonal - 1);
      for (int j = i + 1; j < covariance.length; j++) {
        double twice = 2.0 * covariance[i][j] * covariance[i][j];
        squares += twice;
        distance += twice;
      }
    }
    double part = Math.min(1, (fourth - squares) / rows / Math.max(distance, Double.MIN_NORMAL));
    for (int i = 0; i < covariance.length; i++) {
      for (int j = i; j < covariance.length; j++) {
        double towards = i == j ? part : 0;
        covariance[i][j] = (float) (towards + (1 - part) * covariance[i][j]);
      }
    }
  }
}
