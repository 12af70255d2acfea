package simsiam.model.image.resize;

import java.util.Arrays;

/**
 * The vertical pass of resizing: one row as the weighted sum of neighbouring ones. Each row is an
 * array of its own, read and written from its beginning: the compiler makes vector instructions of
 * such loops, and none where an index has an offset.
 */
final class RowBlend {
  private static final int SHIFT = ResizeKernel.PRECISION_BITS;
  private static final int HALF = 1 << (SHIFT - 1);

  private RowBlend() {}

  /**
   * Blends row {@code y} of the result.
   *
   * @param in rows of samples 0..255
   * @param out receives {@code length} samples
   */
  static void row(int[][] in, ResizeKernel kernel, int y, int[] out, int length) {
    int s = kernel.start[y];
    int[] weights = kernel.weights;
    int w = y * kernel.taps;
    if (kernel.signed()) {
      sum(in, kernel, y, out, length);
      for (int i = 0; i < length; i++) {
        out[i] = clamp(out[i]);
      }
      return;
    }
    switch (kernel.taps) {
      case 2 -> two(in[s], in[s + 1], weights[w], weights[w + 1], out, length);
      case 3 -> three(in, s, weights[w], weights[w + 1], weights[w + 2], out, length);
      default -> sum(in, kernel, y, out, length);
    }
  }

  private static void sum(int[][] in, ResizeKernel kernel, int y, int[] out, int length) {
    Arrays.fill(out, 0, length, HALF);
    for (int t = 0; t < kernel.taps; t++) {
      add(in[kernel.start[y] + t], kernel.weights[y * kernel.taps + t], out, length);
    }
    for (int i = 0; i < length; i++) {
      out[i] >>= SHIFT;
    }
  }

  /** To 0..255. */
  static int clamp(int sample) {
    return Math.max(0, Math.min(255, sample));
  }

  private static void two(int[] first, int[] second, int a, int b, int[] out, int length) {
    for (int i = 0; i < length; i++) {
      out[i] = (HALF + first[i] * a + second[i] * b) >> SHIFT;
    }
  }

  private static void three(int[][] in, int s, int a, int b, int c, int[] out, int length) {
    int[] first = in[s];
    int[] second = in[s + 1];
    int[] third = in[s + 2];
    for (int i = 0; i < length; i++) {
      out[i] = (HALF + first[i] * a + second[i] * b + third[i] * c) >> SHIFT;
    }
  }

  private static void add(int[] row, int weight, int[] out, int length) {
    for (int i = 0; i < length; i++) {
      out[i] += row[i] * weight;
    }
  }
}
