package simsiam.eval.svm;

import java.util.List;
import simsiam.eval.features.FeatureMatrix;
import simsiam.model.engine.LinearAlgebra;

/**
 * Features of about length 1, {@code x / (‖x‖ + 1e-5)}, in double precision as the protocol has
 * them, and a constant 1 after them whose weight is the bias. No copy is made: each row is its
 * float32 values and a factor. Letters: N rows, D channels, S machines.
 */
final class UnitRows {
  private static final double LEAST_LENGTH = 1e-5;

  private final FeatureMatrix features;
  private final double[] scale;

  UnitRows(FeatureMatrix features) {
    this.features = features;
    scale = new double[features.rows()];
    for (int row = 0; row < scale.length; row++) {
      float[] values = features.holding(row);
      int at = features.offset(row);
      double sum = 0;
      for (int j = 0; j < features.dim(); j++) {
        sum += (double) values[at + j] * values[at + j];
      }
      scale[row] = 1 / (Math.sqrt(sum) + LEAST_LENGTH);
    }
  }

  int size() {
    return scale.length;
  }

  int dim() {
    return features.dim();
  }

  /**
   * The decision value of one row, summed in four parts, which a processor adds side by side.
   *
   * @param weights {@code [D + 1]}
   */
  double decision(double[] weights, int row) {
    float[] values = features.holding(row);
    int at = features.offset(row);
    int dim = features.dim();
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = 0;
    for (; j + 3 < dim; j += 4) {
      a += weights[j] * values[at + j];
      b += weights[j + 1] * values[at + j + 1];
      c += weights[j + 2] * values[at + j + 2];
      d += weights[j + 3] * values[at + j + 3];
    }
    for (; j < dim; j++) {
      a += weights[j] * values[at + j];
    }
    return (a + b + (c + d)) * scale[row] + weights[dim];
  }

  /** Adds a multiple of a row to weights. */
  void addTo(double[] weights, int row, double factor) {
    float[] values = features.holding(row);
    int at = features.offset(row);
    double scaled = factor * scale[row];
    for (int j = 0; j < features.dim(); j++) {
      weights[j] += scaled * values[at + j];
    }
    weights[features.dim()] += factor;
  }

  /** The same in single precision. */
  float decision(float[] weights, int row) {
    float[] values = features.holding(row);
    int at = features.offset(row);
    int dim = features.dim();
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int j = 0;
    for (; j + 3 < dim; j += 4) {
      a += weights[j] * values[at + j];
      b += weights[j + 1] * values[at + j + 1];
      c += weights[j + 2] * values[at + j + 2];
      d += weights[j + 3] * values[at + j + 3];
    }
    for (; j < dim; j++) {
      a += weights[j] * values[at + j];
    }
    return (a + b + (c + d)) * (float) scale[row] + weights[dim];
  }

  /** The same in single precision. */
  void addTo(float[] weights, int row, float factor) {
    float[] values = features.holding(row);
    int at = features.offset(row);
    int dim = features.dim();
    float scaled = factor * (float) scale[row];
    for (int j = 0; j < dim; j++) {
      weights[j] += scaled * values[at + j];
    }
    weights[dim] += factor;
  }

  /** Decision values of all rows, {@code [S][N]}, by products in float32. */
  double[][] decisions(List<LinearSvm> machines, LinearAlgebra algebra) {
    int dim = dim();
    int count = machines.size();
    float[] weights = new float[Math.multiplyExact(count, dim)];
    for (int s = 0; s < count; s++) {
      for (int j = 0; j < dim; j++) {
        weights[s * dim + j] = (float) machines.get(s).weights()[j];
      }
    }
    double[][] decisions = new double[count][size()];
    for (int block = 0; block < features.blocks(); block++) {
      int n = features.blockRows(block);
      int first = block * FeatureMatrix.BLOCK_ROWS;
      float[] products = new float[Math.multiplyExact(n, count)];
      algebra.gemm(false, true, n, count, dim, features.block(block), 0, weights, 0, products);
      for (int i = 0; i < n; i++) {
        for (int s = 0; s < count; s++) {
          decisions[s][first + i] =
              products[i * count + s] * scale[first + i] + machines.get(s).weights()[dim];
        }
      }
    }
    return decisions;
  }
}
