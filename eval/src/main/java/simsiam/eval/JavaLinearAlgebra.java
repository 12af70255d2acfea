package simsiam.eval;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import simsiam.model.engine.LinearAlgebra;

/**
 * The matrix product in plain Java, for small matrices, and where nothing native is to be loaded.
 * Every element is summed in the order of k, whatever the number of threads, so the result is the
 * same on every machine. Safe for use by several threads.
 */
public final class JavaLinearAlgebra implements LinearAlgebra {
  /**
   * Columns of c a pass works on: a strip of b and four rows of c stay in the first-level cache.
   */
  private static final int STRIP = 512;

  private static final int ROWS = 4;

  /** Multiply-adds below which handing work to other threads costs more than it saves. */
  private static final long WORTH_THREADS = 1L << 20;

  @Override
  public void gemm(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      float[] c) {
    float[] left = transposeA ? transposed(a, aOffset, k, m) : a;
    int leftAt = transposeA ? 0 : aOffset;
    float[] right = transposeB ? transposed(b, bOffset, n, k) : b;
    int rightAt = transposeB ? 0 : bOffset;
    Arrays.fill(c, 0, m * n, 0f);
    IntStream groups = IntStream.range(0, (m + ROWS - 1) / ROWS);
    if ((long) m * n * k > WORTH_THREADS) {
      groups = groups.parallel();
    }
    groups.forEach(
        group -> {
          int row = group * ROWS;
          if (row + ROWS <= m) {
            fourRows(row, n, k, left, leftAt, right, rightAt, c);
          } else {
            for (int i = row; i < m; i++) {
              oneRow(i, n, k, left, leftAt, right, rightAt, c);
            }
          }
        });
  }

  @Override
  public int threads() {
    return ForkJoinPool.getCommonPoolParallelism() + 1;
  }

  private static void fourRows(
      int row, int n, int k, float[] a, int aAt, float[] b, int bAt, float[] c) {
    int c0 = row * n;
    int c1 = c0 + n;
    int c2 = c1 + n;
    int c3 = c2 + n;
    for (int from = 0; from < n; from += STRIP) {
      int to = Math.min(n, from + STRIP);
      for (int p = 0; p < k; p++) {
        int at = aAt + row * k + p;
        float a0 = a[at];
        float a1 = a[at + k];
        float a2 = a[at + 2 * k];
        float a3 = a[at + 3 * k];
        int bRow = bAt + p * n;
        for (int j = from; j < to; j++) {
          float value = b[bRow + j];
          c[c0 + j] += a0 * value;
          c[c1 + j] += a1 * value;
          c[c2 + j] += a2 * value;
          c[c3 + j] += a3 * value;
        }
      }
    }
  }

  private static void oneRow(
      int row, int n, int k, float[] a, int aAt, float[] b, int bAt, float[] c) {
    for (int p = 0; p < k; p++) {
      float factor = a[aAt + row * k + p];
      int bRow = bAt + p * n;
      for (int j = 0; j < n; j++) {
        c[row * n + j] += factor * b[bRow + j];
      }
    }
  }

  /** The transpose, {@code [columns, rows]}, of a matrix stored {@code [rows, columns]}. */
  private static float[] transposed(float[] values, int offset, int rows, int columns) {
    float[] result = new float[Math.multiplyExact(rows, columns)];
    int tile = 32;
    for (int top = 0; top < rows; top += tile) {
      for (int left = 0; left < columns; left += tile) {
        for (int i = top; i < Math.min(rows, top + tile); i++) {
          for (int j = left; j < Math.min(columns, left + tile); j++) {
            result[j * rows + i] = values[offset + i * columns + j];
          }
        }
      }
    }
    return result;
  }
}
