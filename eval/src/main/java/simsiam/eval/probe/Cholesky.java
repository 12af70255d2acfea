package simsiam.eval.probe;

import java.util.Optional;
import java.util.stream.IntStream;

/** The lower triangle L of a symmetric positive definite matrix {@code A = L·Lᵀ}. */
final class Cholesky {
  private final double[][] rows;

  private Cholesky(double[][] rows) {
    this.rows = rows;
  }

  /**
   * Factors {@code scale·a + ridge·I}; empty if that is not positive definite in double precision.
   *
   * @param a {@code [D][D]}, symmetric; left as it is
   */
  static Optional<Cholesky> of(double[][] a, double scale, double ridge) {
    int n = a.length;
    double[][] lower = new double[n][];
    for (int i = 0; i < n; i++) {
      lower[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        lower[i][j] = scale * a[i][j];
      }
      lower[i][i] += ridge;
    }
    for (int j = 0; j < n; j++) {
      double[] pivotRow = lower[j];
      double pivot = pivotRow[j] - squares(pivotRow, j);
      if (!(pivot > 0)) {
        return Optional.empty();
      }
      double root = Math.sqrt(pivot);
      pivotRow[j] = root;
      int column = j;
      IntStream below = IntStream.range(j + 1, n);
      ((long) (n - j) * j > 1 << 16 ? below.parallel() : below)
          .forEach(
              i -> lower[i][column] = (lower[i][column] - dot(lower[i], pivotRow, column)) / root);
    }
    return Optional.of(new Cholesky(lower));
  }

  /** Replaces the D values from {@code offset} on by the solution x of {@code A·x = values}. */
  void solve(double[] values, int offset) {
    int n = rows.length;
    for (int i = 0; i < n; i++) {
      double[] row = rows[i];
      double sum = values[offset + i];
      for (int j = 0; j < i; j++) {
        sum -= row[j] * values[offset + j];
      }
      values[offset + i] = sum / row[i];
    }
    for (int i = n - 1; i >= 0; i--) {
      double[] row = rows[i];
      double solved = values[offset + i] / row[i];
      values[offset + i] = solved;
      for (int j = 0; j < i; j++) {
        values[offset + j] -= row[j] * solved;
      }
    }
  }

  private static double squares(double[] row, int count) {
    return dot(row, row, count);
  }

  /** Four sums at a time, added in a fixed order: one alone waits for each addition before it. */
  private static double dot(double[] a, double[] b, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 3 < count; j += 4) {
      s0 += a[j] * b[j];
      s1 += a[j + 1] * b[j + 1];
      s2 += a[j + 2] * b[j + 2];
      s3 += a[j + 3] * b[j + 3];
    }
    for (; j < count; j++) {
      s0 += a[j] * b[j];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
