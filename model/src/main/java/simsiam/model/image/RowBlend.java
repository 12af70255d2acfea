package simsiam.model.image;

/**
 * The vertical pass of resizing: one row as the weighted sum of neighbouring ones. The loops of
 * their own for few rows are what the compiler turns into vector instructions best.
 */
final class RowBlend {
  private static final int SHIFT = ResizeKernel.PRECISION_BITS;
  private static final int HALF = 1 << (SHIFT - 1);

  private RowBlend() {}

  /**
   * Blends row {@code y} of the result.
   *
   * @param in rows of {@code stride} samples 0..255
   * @param to where the row begins in {@code out}
   */
  static void row(int[] in, ResizeKernel kernel, int y, int stride, int[] out, int to) {
    int from = kernel.start[y] * stride;
    int w = y * kernel.taps;
    switch (kernel.taps) {
      case 2 -> two(in, from, kernel.weights, w, out, to, stride);
      case 3 -> three(in, from, kernel.weights, w, out, to, stride);
      case 4 -> four(in, from, kernel.weights, w, out, to, stride);
      default -> any(in, from, kernel, w, out, to, stride);
    }
  }

  private static void two(int[] in, int from, int[] weights, int w, int[] out, int to, int stride) {
    int a = weights[w];
    int b = weights[w + 1];
    int second = from + stride;
    for (int i = 0; i < stride; i++) {
      out[to + i] = (HALF + in[from + i] * a + in[second + i] * b) >> SHIFT;
    }
  }

  private static void three(
      int[] in, int from, int[] weights, int w, int[] out, int to, int stride) {
    int a = weights[w];
    int b = weights[w + 1];
    int c = weights[w + 2];
    int second = from + stride;
    int third = second + stride;
    for (int i = 0; i < stride; i++) {
      out[to + i] = (HALF + in[from + i] * a + in[second + i] * b + in[third + i] * c) >> SHIFT;
    }
  }

  private static void four(
      int[] in, int from, int[] weights, int w, int[] out, int to, int stride) {
    int a = weights[w];
    int b = weights[w + 1];
    int c = weights[w + 2];
    int d = weights[w + 3];
    int second = from + stride;
    int third = second + stride;
    int fourth = third + stride;
    for (int i = 0; i < stride; i++) {
      out[to + i] =
          (HALF + in[from + i] * a + in[second + i] * b + in[third + i] * c + in[fourth + i] * d)
              >> SHIFT;
    }
  }

  private static void any(
      int[] in, int from, ResizeKernel kernel, int w, int[] out, int to, int stride) {
    for (int i = 0; i < stride; i++) {
      out[to + i] = HALF;
    }
    for (int t = 0; t < kernel.taps; t++) {
      int weight = kernel.weights[w + t];
      int row = from + t * stride;
      for (int i = 0; i < stride; i++) {
        out[to + i] += in[row + i] * weight;
      }
    }
    for (int i = 0; i < stride; i++) {
      out[to + i] >>= SHIFT;
    }
  }
}
