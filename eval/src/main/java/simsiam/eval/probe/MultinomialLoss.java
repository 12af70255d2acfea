package simsiam.eval.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureMatrix;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.RowProducts;

/**
 * The mean cross-entropy of linear layers with softmax over rows of a matrix, as a function of each
 * layer's weights: {@code [K·D]} of W row by row, then {@code [K]} biases. Several layers, A, are
 * evaluated in one pass, which reads the rows once for the logits and the gradients of all of them.
 * Products are float32, a tile at a time; what is summed over tiles is double, in a fixed order, so
 * that the values do not depend on the number of threads. Letters: D channels, K classes.
 */
final class MultinomialLoss implements AutoCloseable {
  /** Parts of the rows that threads take in turn; their sums are added in order. */
  private static final int SLICES = 16;

  /** Doubles that all slices' sums may take together. */
  private static final long MOST_SUMS = 1L << 25;

  /** Rows of a slice at least, and between two additions of float32 sums to double ones. */
  private static final int TERMS = 2048;

  private final LinearAlgebra algebra;
  private final FeatureMatrix features;
  private final int[] labels;
  private final int classes;
  private final int dim;

  /** By the number of layers; one for each thread. */
  private final Map<Integer, List<Worker>> prepared = new HashMap<>();

  MultinomialLoss(LinearAlgebra algebra, TrainingRows train) {
    this.algebra = algebra;
    this.features = train.features();
    this.labels = train.labels();
    this.classes = train.classes().length;
    this.dim = features.dim();
  }

  /** K·D + K. */
  int parameters() {
    return classes * dim + classes;
  }

  /**
   * What a layer does on some rows.
   *
   * @param crossEntropy mean, in nats
   * @param top1 in percent
   * @param variance mean of p(1-p) over rows and classes
   */
  record Value(double crossEntropy, double top1, double variance) {}

  /**
   * Evaluates layers on rows {@code [from, to)}.
   *
   * @param points {@code [A][K·D + K]}
   * @param gradients {@code [A][K·D + K]}, overwritten; none if they are not wanted
   */
  List<Value> evaluate(List<double[]> points, List<double[]> gradients, int from, int to) {
    int layers = points.size();
    List<Worker> workers = prepared(points);
    int tile = workers.get(0).products.rows();
    int first = from / tile;
    int tiles = (to + tile - 1) / tile - first;
    long room = MOST_SUMS / ((long) layers * classes * dim);
    int slices = (int) Math.max(1, Math.min(Math.min(SLICES, room), (to - from) / TERMS));
    Slice[] found = new Slice[slices];
    AtomicInteger next = new AtomicInteger();
    IntStream threads = IntStream.range(0, Math.min(workers.size(), slices));
    (slices > 1 ? threads.parallel() : threads)
        .forEach(
            w -> {
              for (int s = next.getAndIncrement(); s < slices; s = next.getAndIncrement()) {
                int begin = (first + (int) ((long) tiles * s / slices)) * tile;
                int end = (first + (int) ((long) tiles * (s + 1) / slices)) * tile;
                found[s] = new Slice(layers, !gradients.isEmpty());
                workers.get(w).add(Math.max(begin, from), Math.min(end, to), found[s]);
              }
            });
    List<Value> values = new ArrayList<>();
    for (int a = 0; a < layers; a++) {
      if (!gradients.isEmpty()) {
        mean(found, a, to - from, gradients.get(a));
      }
      values.add(value(found, a, to - from));
    }
    return values;
  }

  /** Hands the weights to as many workers as there are threads. */
  private List<Worker> prepared(List<double[]> points) {
    int layers = points.size();
    List<Worker> workers = prepared.computeIfAbsent(layers, n -> new ArrayList<>());
    while (workers.size() < algebra.threads()) {
      workers.add(new Worker(layers));
    }
    float[] weights = new float[layers * classes * dim];
    float[] biases = new float[layers * classes];
    for (int a = 0; a < layers; a++) {
      for (int i = 0; i < classes * dim; i++) {
        weights[a * classes * dim + i] = (float) points.get(a)[i];
      }
      for (int k = 0; k < classes; k++) {
        biases[a * classes + k] = (float) points.get(a)[classes * dim + k];
      }
    }
    for (Worker worker : workers) {
      worker.products.weights(weights);
      worker.biases = biases;
    }
    return workers;
  }

  private void mean(Slice[] slices, int layer, int rows, double[] gradient) {
    Arrays.fill(gradient, 0);
    int weights = classes * dim;
    for (Slice slice : slices) {
      for (int i = 0; i < weights; i++) {
        gradient[i] += slice.weights[layer * weights + i];
      }
      for (int k = 0; k < classes; k++) {
        gradient[weights + k] += slice.biases[layer * classes + k];
      }
    }
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= rows;
    }
  }

  private Value value(Slice[] slices, int layer, double rows) {
    double loss = 0;
    double variance = 0;
    int correct = 0;
    for (Slice slice : slices) {
      loss += slice.loss[layer];
      variance += slice.variance[layer];
      correct += slice.correct[layer];
    }
    return new Value(loss / rows, 100 * correct / rows, variance / rows / classes);
  }

  @Override
  public void close() {
    prepared.values().forEach(workers -> workers.forEach(worker -> worker.products.close()));
    prepared.clear();
  }

  /** Sums over some rows. */
  private final class Slice {
    private final double[] weights;
    private final double[] biases;
    private final double[] loss;
    private final double[] variance;
    private final int[] correct;

    Slice(int layers, boolean gradients) {
      biases = new double[layers * classes];
      loss = new double[layers];
      variance = new double[layers];
      correct = new int[layers];
      weights = new double[gradients ? layers * classes * dim : 0];
    }
  }

  /** What one thread works with. */
  private final class Worker {
    /** Rows whose sums of exponentials, at most K each, are multiplied before a logarithm. */
    private static final int FACTORS = 16;

    private final int layers;
    private final int columns;
    private final RowProducts products;

    /** Logits of a tile, then probabilities, then the loss's gradient in the logits. */
    private final float[] z;

    private final double[] factors;

    private float[] biases;

    Worker(int layers) {
      this.layers = layers;
      columns = layers * classes;
      products = algebra.rowProducts(dim, columns);
      z = new float[Math.multiplyExact(products.rows(), columns)];
      factors = new double[layers];
    }

    /** Adds rows {@code [from, to)} to a slice. */
    void add(int from, int to, Slice slice) {
      int tile = products.rows();
      int terms = 0;
      for (int row = from; row < to; ) {
        int count = Math.min(to - row, tile - row % tile);
        products.load(features.holding(row), features.offset(row), count);
        products.forward(z);
        shift(row, count, slice);
        Exponential.replace(z, count * columns);
        normalise(row, count, slice);
        row += count;
        if (slice.weights.length > 0) {
          products.backward(z);
          terms += count;
          if (terms >= TERMS || row >= to) {
            products.takeSum(slice.weights);
            terms = 0;
          }
        }
      }
    }

    /** Makes the largest logit of each row and layer 0. */
    private void shift(int row, int count, Slice slice) {
      float[] logits = z;
      float[] added = biases;
      for (int i = 0; i < count; i++) {
        int label = labels[row + i];
        for (int a = 0; a < layers; a++) {
          int at = i * columns + a * classes;
          int bias = a * classes;
          float most = Float.NEGATIVE_INFINITY;
          for (int k = 0; k < classes; k++) {
            float logit = logits[at + k] + added[bias + k];
            logits[at + k] = logit;
            most = logit > most ? logit : most;
          }
          float own = logits[at + label];
          slice.loss[a] += most - own;
          slice.correct[a] += own == most && isFirst(at, label, most) ? 1 : 0;
          for (int k = 0; k < classes; k++) {
            float shifted = logits[at + k] - most;
            logits[at + k] = shifted > Exponential.LEAST ? shifted : Exponential.LEAST;
          }
        }
      }
    }

    /** Of classes with the largest logit the first is meant. */
    private boolean isFirst(int at, int label, float most) {
      for (int k = 0; k < label; k++) {
        if (z[at + k] == most) {
          return false;
        }
      }
      return true;
    }

    /** Makes probabilities of exponentials, and of them the gradient. */
    private void normalise(int row, int count, Slice slice) {
      float[] values = z;
      double[] differences = slice.biases;
      Arrays.fill(factors, 1);
      for (int i = 0; i < count; i++) {
        int label = labels[row + i];
        boolean full = i % FACTORS == FACTORS - 1 || i == count - 1;
        for (int a = 0; a < layers; a++) {
          int at = i * columns + a * classes;
          int bias = a * classes;
          float sum = 0;
          for (int k = 0; k < classes; k++) {
            sum += values[at + k];
          }
          factors[a] *= sum;
          if (full) {
            slice.loss[a] += Math.log(factors[a]);
            factors[a] = 1;
          }
          float part = 1 / sum;
          float squares = 0;
          for (int k = 0; k < classes; k++) {
            float p = values[at + k] * part;
            squares += p * p;
            values[at + k] = p;
            differences[bias + k] += p;
          }
          slice.variance[a] += 1 - squares;
          values[at + label] -= 1;
          differences[bias + label] -= 1;
        }
      }
    }
  }
}
