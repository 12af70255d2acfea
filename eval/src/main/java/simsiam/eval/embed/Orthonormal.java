package simsiam.eval.embed;

/** Gram-Schmidt orthonormalisation, done twice for accuracy. */
final class Orthonormal {
  private Orthonormal() {}

  /**
   * Makes the rows orthonormal, in order. A row that depends on those before it is replaced by the
   * first axis that does not.
   */
  static void rows(double[][] rows) {
    for (int r = 0; r < rows.length; r++) {
      double before = norm(rows[r]);
      project(rows, r);
      int axis = 0;
      while (norm(rows[r]) <= 1e-12 * before || norm(rows[r]) == 0) {
        rows[r] = new double[rows[r].length];
        rows[r][axis++] = 1;
        before = 1;
        project(rows, r);
      }
      scale(rows[r]);
      project(rows, r);
      scale(rows[r]);
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Takes from row r its parts along the rows before it. */
  private static void project(double[][] rows, int r) {
    for (int other = 0; other < r; other++) {
      double along = dot(rows[r], rows[other]);
      for (int j = 0; j < rows[r].length; j++) {
        rows[r][j] -= along * rows[other][j];
      }
    }
  }

  private static void scale(double[] row) {
    double norm = norm(row);
    for (int j = 0; j < row.length; j++) {
      row[j] /= norm;
    }
  }

  private static double norm(double[] row) {
    return Math.sqrt(dot(row, row));
  }
}
