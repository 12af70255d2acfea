package simsiam.eval.probe;

import java.util.Optional;
import java.util.stream.IntStream;

/** The upper triangle U of a symmetric positive definite matrix {@code A = Uᵀ·U}. */
final class Cholesky {
  /** Rows that are taken from those below them together, so that these are read less often. */
  private static final int PIVOTS = 4;

  /** Elements below which threads are not worth their start. */
  private static final int WORTH_THREADS = 1 << 16;

  private final double[][] rows;

  private Cholesky(double[][] rows) {
    this.rows = rows;
  }

  /**
   * Factors {@code scale·a + ridge·I}; empty if that is not positive definite in double precision.
   *
   * @param a {@code [D][D]}, symmetric, of which the upper triangle is read; left as it is
   */
  static Optional<Cholesky> of(float[][] a, double scale, double ridge) {
    int n = a.length;
    double[][] upper = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        upper[i][j] = scale * a[i][j];
      }
      upper[i][i] += ridge;
    }
    for (int first = 0; first < n; first += PIVOTS) {
      int last = Math.min(n, first + PIVOTS);
      for (int j = first; j < last; j++) {
        for (int p = first; p < j; p++) {
          subtract(upper[j], upper[p][j], upper[p], j);
        }
        double pivot = upper[j][j];
        if (!(pivot > 0)) {
          return Optional.empty();
        }
        double part = 1 / Math.sqrt(pivot);
        for (int k = j; k < n; k++) {
          upper[j][k] *= part;
        }
      }
      int pivots = first;
      IntStream below = IntStream.range(last, n);
      ((n - last) * (n - last) > WORTH_THREADS ? below.parallel() : below)
          .forEach(i -> subtract(upper, pivots, i));
    }
    return Optional.of(new Cholesky(upper));
  }

  private static void subtract(double[] from, double factor, double[] row, int begin) {
    for (int k = begin; k < from.length; k++) {
      from[k] -= factor * row[k];
    }
  }

  /** A row's share of the rows {@code [first, first + PIVOTS)}. */
  private static void subtract(double[][] upper, int first, int i) {
    double[] row = upper[i];
    double[] a = upper[first];
    double[] b = upper[first + 1];
    double[] c = upper[first + 2];
    double[] d = upper[first + 3];
    double fa = a[i];
    double fb = b[i];
    double fc = c[i];
    double fd = d[i];
    for (int k = i; k < row.length; k++) {
      row[k] -= fa * a[k] + fb * b[k] + fc * c[k] + fd * d[k];
    }
  }

  /** Replaces the D values from {@code offset} on by the solution x of {@code A·x = values}. */
  void solve(double[] values, int offset) {
    int n = rows.length;
    double[] x = new double[n];
    System.arraycopy(values, offset, x, 0, n);
    for (int i = 0; i < n; i++) {
      double[] row = rows[i];
      double solved = x[i] / row[i];
      x[i] = solved;
      for (int j = i + 1; j < n; j++) {
        x[j] -= row[j] * solved;
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      double[] row = rows[i];
      x[i] = (x[i] - dot(row, i + 1, x, i + 1, n - i - 1)) / row[i];
    }
    System.arraycopy(x, 0, values, offset, n);
  }

  /** Eight sums at a time, added in a fixed order: one alone waits for each addition before it. */
  static double dot(double[] a, int aAt, double[] b, int bAt, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int j = 0;
    for (; j + 7 < count; j += 8) {
      s0 += a[aAt + j] * b[bAt + j];
      s1 += a[aAt + j + 1] * b[bAt + j + 1];
      s2 += a[aAt + j + 2] * b[bAt + j + 2];
      s3 += a[aAt + j + 3] * b[bAt + j + 3];
      s4 += a[aAt + j + 4] * b[bAt + j + 4];
      s5 += a[aAt + j + 5] * b[bAt + j + 5];
      s6 += a[aAt + j + 6] * b[bAt + j + 6];
      s7 += a[aAt + j + 7] * b[bAt + j + 7];
    }
    for (; j < count; j++) {
      s0 += a[aAt + j] * b[bAt + j];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }
}
