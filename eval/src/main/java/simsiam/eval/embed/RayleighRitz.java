package simsiam.eval.embed;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Eigenvalues of a symmetric matrix restricted to a small subspace, by cyclic Jacobi rotations. */
final class RayleighRitz {
  private static final int SWEEPS = 30;

  private RayleighRitz() {}

  /**
   * Rotates an orthonormal basis of the subspace, and its image under the matrix alike, to the
   * matrix's eigenvectors within it.
   *
   * @return the eigenvalues, largest first, in the order the rows are left in
   */
  static double[] rotate(double[][] basis, double[][] image) {
    int n = basis.length;
    double[][] small = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        small[i][j] =
            (Orthonormal.dot(basis[i], image[j]) + Orthonormal.dot(basis[j], image[i])) / 2;
      }
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          annihilate(small, p, q, basis, image);
        }
      }
    }
    return sort(small, basis, image);
  }

  private static void annihilate(
      double[][] small, int p, int q, double[][] basis, double[][] image) {
    if (small[p][q] == 0) {
      return;
    }
    double theta = (small[q][q] - small[p][p]) / (2 * small[p][q]);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double cos = 1 / Math.sqrt(t * t + 1);
    double sin = t * cos;
    for (double[] row : small) {
      double left = row[p];
      row[p] = cos * left - sin * row[q];
      row[q] = sin * left + cos * row[q];
    }
    turn(small[p], small[q], cos, sin);
    turn(basis[p], basis[q], cos, sin);
    turn(image[p], image[q], cos, sin);
  }

  private static void turn(double[] a, double[] b, double cos, double sin) {
    for (int j = 0; j < a.length; j++) {
      double left = a[j];
      a[j] = cos * left - sin * b[j];
      b[j] = sin * left + cos * b[j];
    }
  }

  private static double[] sort(double[][] small, double[][] basis, double[][] image) {
    int n = basis.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -small[i][i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] values = new double[n];
    double[][] sortedBasis = new double[n][];
    double[][] sortedImage = new double[n][];
    for (int i = 0; i < n; i++) {
      values[i] = small[order[i]][order[i]];
      sortedBasis[i] = basis[order[i]];
      sortedImage[i] = image[order[i]];
    }
    System.arraycopy(sortedBasis, 0, basis, 0, n);
    System.arraycopy(sortedImage, 0, image, 0, n);
    return values;
  }
}
