package simsiam.eval.linear;

/** Softmax regression straight from its definition, in double precision: the oracle. */
final class NaiveProbe {
  final double[][] weights;
  final double[] bias;
  private final double[][] weightBuffer;
  private final double[] biasBuffer;
  private final boolean lars;

  NaiveProbe(float[] weights, float[] bias) {
    this(weights, bias, false);
  }

  NaiveProbe(float[] weights, float[] bias, boolean lars) {
    this.lars = lars;
    int classes = bias.length;
    int dim = weights.length / classes;
    this.weights = new double[classes][dim];
    this.bias = new double[classes];
    for (int c = 0; c < classes; c++) {
      for (int j = 0; j < dim; j++) {
        this.weights[c][j] = weights[c * dim + j];
      }
    }
    weightBuffer = new double[classes][dim];
    biasBuffer = new double[classes];
  }

  double[] probabilities(float[] x, int row) {
    double[] p = new double[bias.length];
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      double logit = bias[c];
      for (int j = 0; j < weights[c].length; j++) {
        logit += weights[c][j] * x[row * weights[c].length + j];
      }
      p[c] = Math.exp(logit);
      sum += p[c];
    }
    for (int c = 0; c < p.length; c++) {
      p[c] /= sum;
    }
    return p;
  }

  double loss(float[] x, int[] labels, int n) {
    double loss = 0;
    for (int i = 0; i < n; i++) {
      loss -= Math.log(probabilities(x, i)[labels[i]]);
    }
    return loss;
  }

  double step(float[] x, int[] labels, int n, double lr) {
    double loss = loss(x, labels, n);
    double[][] gradient = new double[weights.length][weights[0].length];
    double[] biasGradient = new double[bias.length];
    for (int i = 0; i < n; i++) {
      double[] p = probabilities(x, i);
      for (int c = 0; c < p.length; c++) {
        double error = (p[c] - (c == labels[i] ? 1 : 0)) / n;
        biasGradient[c] += error;
        for (int j = 0; j < gradient[c].length; j++) {
          gradient[c][j] += error * x[i * gradient[c].length + j];
        }
      }
    }
    if (lars) {
      scale(gradient, 0.001 * norm(weights) / (norm(gradient) + 1e-8));
      double[][] ofBias = {biasGradient};
      if (norm(new double[][] {bias}) > 0) {
        scale(ofBias, 0.001 * norm(new double[][] {bias}) / (norm(ofBias) + 1e-8));
      }
    }
    for (int c = 0; c < bias.length; c++) {
      biasBuffer[c] = 0.9 * biasBuffer[c] + biasGradient[c];
      bias[c] -= lr * biasBuffer[c];
      for (int j = 0; j < weights[c].length; j++) {
        weightBuffer[c][j] = 0.9 * weightBuffer[c][j] + gradient[c][j];
        weights[c][j] -= lr * weightBuffer[c][j];
      }
    }
    return loss;
  }

  private static double norm(double[][] values) {
    double squares = 0;
    for (double[] row : values) {
      for (double value : row) {
        squares += value * value;
      }
    }
    return Math.sqrt(squares);
  }

  private static void scale(double[][] values, double by) {
    for (double[] row : values) {
      for (int i = 0; i < row.length; i++) {
        row[i] *= by;
      }
    }
  }
}
