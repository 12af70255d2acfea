package simsiam.model.image.resize;

import simsiam.model.image.CropBox;
import simsiam.model.image.RgbImage;

/**
 * Two rows of an image, resized together: a {@code long} holds a sample of the first row in its
 * lower and one of the second in its upper half, so that one multiplication does for both. A
 * weighted sum lies between -2³¹ and 2³¹, and where no weight is negative nothing is carried from
 * the lower half to the upper.
 */
final class RowPair {
  private static final int SHIFT = ResizeKernel.PRECISION_BITS;
  private static final long HALF = 1L << (SHIFT - 1);
  private static final long HALVES = (HALF << 32) | HALF;

  private long[] samples = {};

  /** Takes two rows of the box, counted from its top. */
  void load(RgbImage image, CropBox box, int first, int second) {
    int length = 3 * box.width();
    if (samples.length < length) {
      samples = new long[length];
    }
    int left = 3 * box.left();
    int stride = 3 * image.width();
    int lower = (box.top() + first) * stride + left;
    int upper = (box.top() + second) * stride + left;
    byte[] pixels = image.pixels();
    for (int i = 0; i < length; i++) {
      samples[i] = (pixels[lower + i] & 0xFF) | ((long) (pixels[upper + i] & 0xFF) << 32);
    }
  }

  /** Resizes both. */
  void resize(ResizeKernel kernel, int[] first, int[] second) {
    if (kernel.signed()) {
      signedTaps(kernel, first, second);
      return;
    }
    switch (kernel.taps) {
      case 2 -> twoTaps(kernel, first, second);
      case 3 -> threeTaps(kernel, first, second);
      case 4 -> fourTaps(kernel, first, second);
      default -> anyTaps(kernel, first, second);
    }
  }

  private static void put(long sums, int[] first, int[] second, int i) {
    first[i] = (int) sums >>> SHIFT;
    second[i] = (int) (sums >>> (32 + SHIFT));
  }

  private void twoTaps(ResizeKernel kernel, int[] first, int[] second) {
    long[] in = samples;
    int[] weights = kernel.weights;
    int[] start = kernel.start;
    for (int x = 0; x < start.length; x++) {
      int s = 3 * start[x];
      long a = weights[2 * x];
      long b = weights[2 * x + 1];
      int i = 3 * x;
      put(HALVES + in[s] * a + in[s + 3] * b, first, second, i);
      put(HALVES + in[s + 1] * a + in[s + 4] * b, first, second, i + 1);
      put(HALVES + in[s + 2] * a + in[s + 5] * b, first, second, i + 2);
    }
  }

  private void threeTaps(ResizeKernel kernel, int[] first, int[] second) {
    long[] in = samples;
    int[] weights = kernel.weights;
    int[] start = kernel.start;
    for (int x = 0; x < start.length; x++) {
      int s = 3 * start[x];
      long a = weights[3 * x];
      long b = weights[3 * x + 1];
      long c = weights[3 * x + 2];
      int i = 3 * x;
      put(HALVES + in[s] * a + in[s + 3] * b + in[s + 6] * c, first, second, i);
      put(HALVES + in[s + 1] * a + in[s + 4] * b + in[s + 7] * c, first, second, i + 1);
      put(HALVES + in[s + 2] * a + in[s + 5] * b + in[s + 8] * c, first, second, i + 2);
    }
  }

  private void fourTaps(ResizeKernel kernel, int[] first, int[] second) {
    long[] in = samples;
    int[] weights = kernel.weights;
    int[] start = kernel.start;
    for (int x = 0; x < start.length; x++) {
      int s = 3 * start[x];
      long a = weights[4 * x];
      long b = weights[4 * x + 1];
      long c = weights[4 * x + 2];
      long d = weights[4 * x + 3];
      int i = 3 * x;
      put(HALVES + in[s] * a + in[s + 3] * b + in[s + 6] * c + in[s + 9] * d, first, second, i);
      put(
          HALVES + in[s + 1] * a + in[s + 4] * b + in[s + 7] * c + in[s + 10] * d,
          first,
          second,
          i + 1);
      put(
          HALVES + in[s + 2] * a + in[s + 5] * b + in[s + 8] * c + in[s + 11] * d,
          first,
          second,
          i + 2);
    }
  }

  private void anyTaps(ResizeKernel kernel, int[] first, int[] second) {
    long[] in = samples;
    int[] weights = kernel.weights;
    int taps = kernel.taps;
    for (int x = 0; x < kernel.count; x++) {
      int s = 3 * kernel.start[x];
      long red = HALVES;
      long green = HALVES;
      long blue = HALVES;
      for (int t = x * taps; t < (x + 1) * taps; t++, s += 3) {
        long weight = weights[t];
        red += in[s] * weight;
        green += in[s + 1] * weight;
        blue += in[s + 2] * weight;
      }
      put(red, first, second, 3 * x);
      put(green, first, second, 3 * x + 1);
      put(blue, first, second, 3 * x + 2);
    }
  }

  private void signedTaps(ResizeKernel kernel, int[] first, int[] second) {
    long[] in = samples;
    int[] weights = kernel.weights;
    int taps = kernel.taps;
    for (int x = 0; x < kernel.count; x++) {
      for (int channel = 0; channel < 3; channel++) {
        long sum = HALVES;
        for (int t = 0; t < taps; t++) {
          sum += in[3 * (kernel.start[x] + t) + channel] * weights[x * taps + t];
        }
        int lower = (int) sum;
        // The lower sum may have borrowed from the upper one.
        int upper = (int) ((sum - lower) >> 32);
        first[3 * x + channel] = RowBlend.clamp(lower >> SHIFT);
        second[3 * x + channel] = RowBlend.clamp(upper >> SHIFT);
      }
    }
  }
}
