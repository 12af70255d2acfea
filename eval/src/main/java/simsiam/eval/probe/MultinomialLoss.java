package simsiam.eval.probe;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureMatrix;
import simsiam.model.engine.LinearAlgebra;

/**
 * The mean cross-entropy of a linear layer with softmax over the first rows of a matrix, plus
 * {@code λ/2·‖W‖²} (biases are free), as a function of its weights: {@code [K·D]} of W row by row,
 * then {@code [K]} biases. Products are float32, block by block, so that a block is read from
 * memory once for both; everything that is summed over blocks is double, in a fixed order, so that
 * the value does not depend on the number of threads. Letters: m rows, D channels, K classes.
 *
 * <p>The preconditioner is the Hessian at uniform predictions, {@code a·S + λI} for every class
 * with S the covariance of the features and a the mean of p(1-p); of more than {@link
 * #MOST_FACTORED} channels its diagonal, as standardised features have it, since factors would take
 * longer than all else.
 */
final class MultinomialLoss implements Lbfgs.Function {
  /**
   * Rows of a product with the weights, a divisor of the matrix's blocks. Always as many: oneDNN
   * divides the sums of smaller products among its threads, and rounds them by their number.
   */
  static final int PASS = FeatureMatrix.BLOCK_ROWS / 2;

  /** Rows that a product sums over; it leaves sums of so few terms to one thread. */
  private static final int TERMS = 512;

  /** Rows handed to a thread at once. */
  private static final int CHUNK = 256;

  private static final int MOST_FACTORED = 2048;

  /** Of predictions that are all but certain: the curvature may not vanish. */
  private static final double LEAST_VARIANCE = 1e-5;

  private final LinearAlgebra algebra;
  private final int passRows;
  private final FeatureMatrix features;
  private final int[] labels;
  private final int classes;
  private final int dim;
  private final Optional<double[][]> covariance;
  private final float[] weights;
  private final float[] logits;
  private final float[] differences;

  /** The rows of a pass that the matrix does not fill, and zeros. */
  private final float[] last;

  private final float[] product;
  private int rows;
  private double lambda;
  private double variance;
  private boolean prepared;
  private double biasCurvature;
  private Optional<Cholesky> curvature = Optional.empty();

  /**
   * The loss over some rows.
   *
   * @param passRows rows of a product with the weights: {@link #PASS}, or a smaller power of two
   *     where the products' sums do not depend on threads
   */
  MultinomialLoss(LinearAlgebra algebra, int passRows, TrainingRows train) {
    this.algebra = algebra;
    this.passRows = passRows;
    this.features = train.features();
    this.labels = train.labels();
    this.classes = train.classes().length;
    this.dim = features.dim();
    this.weights = new float[Math.multiplyExact(classes, dim)];
    this.logits = new float[Math.multiplyExact(passRows, classes)];
    this.differences = new float[Math.multiplyExact(TERMS, classes)];
    this.last = new float[Math.multiplyExact(passRows, dim)];
    this.product = new float[weights.length];
    this.covariance = dim <= MOST_FACTORED ? Optional.of(covariance()) : Optional.empty();
    this.variance = (classes - 1.0) / classes / classes;
  }

  /** K·D + K. */
  int parameters() {
    return weights.length + classes;
  }

  /**
   * Chooses the rows and the regularisation that are meant from here on. The preconditioner is made
   * anew, at the point that is evaluated next: where the last one's predictions were nearly certain
   * and this one's are not, its curvature would be wrong by orders of magnitude.
   */
  void over(int firstRows, double regularisation) {
    rows = firstRows;
    lambda = regularisation;
    prepared = false;
  }

  private void prepare() {
    double mean = Math.max(variance, LEAST_VARIANCE);
    biasCurvature = mean;
    curvature = covariance.map(matrix -> factors(matrix, mean));
    prepared = true;
  }

  private Cholesky factors(double[][] matrix, double mean) {
    double trace = 0;
    for (int j = 0; j < dim; j++) {
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
  public double evaluate(double[] point, double[] gradient) {
    Arrays.fill(gradient, 0);
    Totals totals = new Totals();
    forward(
        point,
        0,
        rows,
        (base, first, count) -> {
          totals.add(base, first, count, gradient);
          for (int from = first; from < first + count; from += TERMS) {
            addProduct(base, from, Math.min(TERMS, first + count - from), gradient);
          }
        });
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      gradient[i] = gradient[i] / rows + lambda * point[i];
      squares += point[i] * point[i];
    }
    for (int i = weights.length; i < gradient.length; i++) {
      gradient[i] /= rows;
    }
    variance = totals.variance / rows / classes;
    return totals.loss / rows + lambda / 2 * squares;
  }

  @Override
  public void precondition(double[] vector) {
    if (!prepared) {
      prepare();
    }
    if (curvature.isPresent()) {
      Cholesky factors = curvature.get();
      IntStream.range(0, classes).parallel().forEach(k -> factors.solve(vector, k * dim));
    } else {
      for (int i = 0; i < weights.length; i++) {
        vector[i] /= biasCurvature + lambda;
      }
    }
    for (int i = weights.length; i < vector.length; i++) {
      vector[i] /= biasCurvature;
    }
  }

  /** Adds (P-Y)ᵀ·X of some rows of a pass. */
  private void addProduct(int base, int from, int count, double[] gradient) {
    System.arraycopy(logits, (from - base) * classes, differences, 0, count * classes);
    float[] block = features.holding(from);
    int at = features.offset(from);
    algebra.gemm(true, false, classes, dim, count, differences, 0, block, at, product);
    for (int i = 0; i < product.length; i++) {
      gradient[i] += product[i];
    }
  }

  /** Shows the logits of some rows of the training matrix, pass by pass. */
  interface Pass {
    /**
     * Some rows.
     *
     * @param base the row whose logits come first
     */
    void rows(int base, int first, int count);
  }

  /** Fills {@link #logits} for rows {@code [from, to)}, a whole pass at a time. */
  private void forward(double[] point, int from, int to, Pass pass) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) point[i];
    }
    for (int base = from / passRows * passRows; base < to; base += passRows) {
      boolean whole = base + passRows <= features.rows();
      if (!whole) {
        for (int row = base; row < features.rows(); row++) {
          features.get(row, last, (row - base) * dim);
        }
      }
      float[] block = whole ? features.holding(base) : last;
      int at = whole ? features.offset(base) : 0;
      algebra.gemm(false, true, passRows, classes, dim, block, at, weights, 0, logits);
      int first = Math.max(from, base);
      int count = Math.min(to, base + passRows) - first;
      for (int i = (first - base) * classes; i < (first - base + count) * classes; i++) {
        logits[i] += (float) point[weights.length + i % classes];
      }
      pass.rows(base, first, count);
    }
  }

  /** How a solution does on rows {@code [from, to)}. */
  Score score(double[] point, int from, int to) {
    double[] loss = new double[1];
    int[] correct = new int[1];
    forward(
        point,
        from,
        to,
        (base, first, count) -> {
          for (int row = first; row < first + count; row++) {
            int at = (row - base) * classes;
            correct[0] += largest(at) == labels[row] ? 1 : 0;
            loss[0] += cross(at, labels[row]);
          }
        });
    return new Score(100.0 * correct[0] / (to - from), loss[0] / (to - from));
  }

  /**
   * Accuracy and loss.
   *
   * @param top1 in percent
   * @param loss mean cross-entropy, nats
   */
  record Score(double top1, double loss) {}

  private int largest(int at) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      best = logits[at + k] > logits[at + best] ? k : best;
    }
    return best;
  }

  private double cross(int at, int label) {
    float most = logits[at + largest(at)];
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += Math.exp((double) logits[at + k] - most);
    }
    return Math.log(sum) - ((double) logits[at + label] - most);
  }

  /** Sums over rows; each chunk by one thread, the chunks in order. */
  private final class Totals {
    private double loss;
    private double variance;

    /** Replaces logits by the loss's gradient in them, and adds them up. */
    void add(int base, int first, int count, double[] gradient) {
      int chunks = (count + CHUNK - 1) / CHUNK;
      double[][] sums = new double[chunks][];
      IntStream.range(0, chunks)
          .parallel()
          .forEach(
              chunk ->
                  sums[chunk] =
                      chunk(
                          base,
                          first + chunk * CHUNK,
                          first + Math.min(count, (chunk + 1) * CHUNK)));
      for (double[] sum : sums) {
        for (int k = 0; k < classes; k++) {
          gradient[weights.length + k] += sum[k];
        }
        loss += sum[classes];
        variance += sum[classes + 1];
      }
    }

    /** Of K biases the gradient, then loss and Σp(1-p). */
    private double[] chunk(int base, int from, int to) {
      double[] sums = new double[classes + 2];
      double[] p = new double[classes];
      for (int row = from; row < to; row++) {
        int at = (row - base) * classes;
        float most = logits[at + largest(at)];
        double sum = 0;
        for (int k = 0; k < classes; k++) {
          p[k] = Math.exp((double) logits[at + k] - most);
          sum += p[k];
        }
        int label = labels[row];
        sums[classes] += Math.log(sum) - ((double) logits[at + label] - most);
        for (int k = 0; k < classes; k++) {
          double probability = p[k] / sum;
          sums[classes + 1] += probability * (1 - probability);
          double difference = probability - (k == label ? 1 : 0);
          sums[k] += difference;
          logits[at + k] = (float) difference;
        }
      }
      return sums;
    }
  }

  /** XᵀX / N over all rows. */
  private double[][] covariance() {
    double[][] sums = new double[dim][dim];
    float[] square = new float[Math.multiplyExact(dim, dim)];
    int all = labels.length;
    for (int first = 0; first < all; first += TERMS) {
      int count = Math.min(TERMS, all - first);
      float[] block = features.holding(first);
      int at = features.offset(first);
      algebra.gemm(true, false, dim, dim, count, block, at, block, at, square);
      for (int i = 0; i < dim; i++) {
        for (int j = 0; j < dim; j++) {
          sums[i][j] += square[i * dim + j] / (double) all;
        }
      }
    }
    return sums;
  }
}
