package simsiam.eval.svm;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import simsiam.eval.features.FeatureMatrix;

/**
 * Features of about length 1, {@code x / (‖x‖ + 1e-5)}, in double precision as the protocol has
 * them. Letters: N rows, D channels.
 */
final class UnitRows {
  private static final double LEAST_LENGTH = 1e-5;

  /** An object of LIBLINEAR's for each value: header, index, value, and the reference to it. */
  private static final int NODE_BYTES = 28;

  private final FeatureMatrix features;
  private final double[] scale;

  UnitRows(FeatureMatrix features) {
    this.features = features;
    scale = new double[features.rows()];
    for (int row = 0; row < scale.length; row++) {
      float[] values = features.holding(row);
      int at = features.offset(row);
      double squares = 0;
      for (int j = 0; j < features.dim(); j++) {
        squares += (double) values[at + j] * values[at + j];
      }
      scale[row] = 1 / (Math.sqrt(squares) + LEAST_LENGTH);
    }
  }

  int size() {
    return scale.length;
  }

  int dim() {
    return features.dim();
  }

  /**
   * All rows as LIBLINEAR takes them, {@code [N][D + 1]}: the last value is the constant 1 whose
   * weight is the bias.
   *
   * @throws IllegalStateException if the heap is too small for them
   */
  Feature[][] nodes() {
    long bytes = (long) NODE_BYTES * size() * (dim() + 1);
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap / 4 * 3) {
      throw new IllegalStateException(
          "Cannot fit SVMs: expected a heap of at least %s MB for %s images of %s channels, got %s MB; fewer images (dataset.limit) or svm.c: [] help"
              .formatted((bytes / 3 * 4) >> 20, size(), dim(), heap >> 20));
    }
    Feature[][] rows = new Feature[size()][dim() + 1];
    for (int row = 0; row < rows.length; row++) {
      float[] values = features.holding(row);
      int at = features.offset(row);
      for (int j = 0; j < dim(); j++) {
        rows[row][j] = new FeatureNode(j + 1, values[at + j] * scale[row]);
      }
      rows[row][dim()] = new FeatureNode(dim() + 1, 1);
    }
    return rows;
  }

  /** The decision value of one row. */
  double decision(LinearSvm svm, int row) {
    double[] weights = svm.weights();
    float[] values = features.holding(row);
    int at = features.offset(row);
    double sum = 0;
    for (int j = 0; j < dim(); j++) {
      sum += weights[j] * values[at + j];
    }
    return sum * scale[row] + weights[dim()];
  }

  /** Those of all rows. */
  double[] decisions(LinearSvm svm) {
    double[] decisions = new double[size()];
    for (int row = 0; row < decisions.length; row++) {
      decisions[row] = decision(svm, row);
    }
    return decisions;
  }
}
