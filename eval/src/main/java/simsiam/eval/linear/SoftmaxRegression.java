package simsiam.eval.linear;

import java.util.Random;
import simsiam.model.engine.LinearAlgebra;

/**
 * A linear layer with softmax cross-entropy, trained by SGD with momentum: {@code g += decay·w; buf
 * = momentum·buf + g; w -= lr·buf}, where LARS has scaled g, or with Nesterov's {@code w -= lr·(g +
 * momentum·buf)}; biases decay as weights do. Weights start at N(0, 0.01²), biases at 0. Letters: N
 * images a batch, D channels, C classes.
 */
final class SoftmaxRegression {
  static final float MOMENTUM = 0.9f;
  private static final double INITIAL_STD = 0.01;
  private static final double TRUST = 0.001;
  private static final double EPSILON = 1e-8;

  private final LinearAlgebra algebra;
  private final int dim;
  private final int classes;
  private final LinearOptimizer optimizer;
  private final float weightDecay;
  private final boolean nesterov;
  private final float[] weights;
  private final float[] bias;
  private final float[] weightMomentum;
  private final float[] biasMomentum;
  private final float[] weightGradient;
  private final float[] biasGradient;

  /** With heavy-ball momentum and no decay. */
  SoftmaxRegression(
      LinearAlgebra algebra, int dim, int classes, LinearOptimizer optimizer, Random random) {
    this(algebra, dim, classes, optimizer, random, 0, false);
  }

  SoftmaxRegression(
      LinearAlgebra algebra,
      int dim,
      int classes,
      LinearOptimizer optimizer,
      Random random,
      double weightDecay,
      boolean nesterov) {
    this.algebra = algebra;
    this.weightDecay = (float) weightDecay;
    this.nesterov = nesterov;
    this.dim = dim;
    this.classes = classes;
    this.optimizer = optimizer;
    weights = new float[classes * dim];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (INITIAL_STD * random.nextGaussian());
    }
    bias = new float[classes];
    weightMomentum = new float[weights.length];
    biasMomentum = new float[classes];
    weightGradient = new float[weights.length];
    biasGradient = new float[classes];
  }

  /** {@code [C, D]}. */
  float[] weights() {
    return weights.clone();
  }

  /** {@code [C]}. */
  float[] bias() {
    return bias.clone();
  }

  /** Logits {@code [n, C]} of the n rows of D values that start at {@code offset}. */
  void logits(float[] features, int offset, int n, float[] logits) {
    algebra.gemm(false, true, n, classes, dim, features, offset, weights, 0, logits);
    for (int i = 0; i < n * classes; i++) {
      logits[i] += bias[i % classes];
    }
  }

  /**
   * One SGD step on the mean loss of the batch.
   *
   * @param features {@code [n, D]}
   * @param scratch room for {@code [n, C]}
   * @return the loss summed over the batch, before the update
   */
  double step(float[] features, int[] labels, int n, double lr, float[] scratch) {
    logits(features, 0, n, scratch);
    double loss = 0;
    for (int i = 0; i < n; i++) {
      loss += lossAndGradient(scratch, i * classes, labels[i], n);
    }
    algebra.gemm(true, false, classes, dim, n, scratch, 0, features, 0, weightGradient);
    for (int c = 0; c < classes; c++) {
      float sum = 0;
      for (int i = 0; i < n; i++) {
        sum += scratch[i * classes + c];
      }
      biasGradient[c] = sum;
    }
    update(weights, weightMomentum, weightGradient, (float) lr);
    update(bias, biasMomentum, biasGradient, (float) lr);
    return loss;
  }

  /** Replaces a row of logits by the gradient of the batch's mean loss; returns the row's loss. */
  private double lossAndGradient(float[] rows, int offset, int label, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      max = Math.max(max, rows[offset + c]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp((double) rows[offset + c] - max);
    }
    double loss = Math.log(sum) - ((double) rows[offset + label] - max);
    for (int c = 0; c < classes; c++) {
      double probability = Math.exp((double) rows[offset + c] - max) / sum;
      rows[offset + c] = (float) ((probability - (c == label ? 1 : 0)) / n);
    }
    return loss;
  }

  private void update(float[] values, float[] momentum, float[] gradient, float lr) {
    float scale = optimizer == LinearOptimizer.LARS ? trust(values, gradient) : 1;
    for (int i = 0; i < values.length; i++) {
      float decayed = scale * gradient[i] + weightDecay * values[i];
      momentum[i] = MOMENTUM * momentum[i] + decayed;
      values[i] -= lr * (nesterov ? decayed + MOMENTUM * momentum[i] : momentum[i]);
    }
  }

  private static float trust(float[] values, float[] gradient) {
    double of = norm(values);
    double by = norm(gradient);
    return of == 0 || by == 0 ? 1 : (float) (TRUST * of / (by + EPSILON));
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
