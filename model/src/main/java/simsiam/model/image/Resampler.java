package simsiam.model.image;

/**
 * Antialiased bilinear resizing of 8-bit RGB, bit for bit that of Pillow's {@code
 * image.crop(box).resize(size, BILINEAR)}: a horizontal, then a vertical pass with fixed-point
 * weights, rounded to 8 bits between them. Keeps its weights and buffers: allocates nothing once it
 * has seen the sizes. Not thread-safe: one for each thread.
 */
public final class Resampler {
  private static final int KERNELS = 1024;
  private static final int SHIFT = ResizeKernel.PRECISION_BITS;
  private static final int HALF = 1 << (SHIFT - 1);

  private final ResizeKernel[] kernels = new ResizeKernel[KERNELS];
  private int[] narrowed = {};

  /** The whole image at another size. */
  public RgbImage resize(RgbImage image, int height, int width) {
    if (height == image.height() && width == image.width()) {
      return image;
    }
    int[] samples = new int[Math.multiplyExact(3 * height, width)];
    resize(image, CropBox.whole(image), height, width, samples);
    byte[] pixels = new byte[samples.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) samples[i];
    }
    return new RgbImage(height, width, pixels);
  }

  /**
   * A part of the image at another size.
   *
   * @param out receives {@code height·width·3} samples 0..255, HWC
   */
  public void resize(RgbImage image, CropBox box, int height, int width, int[] out) {
    box.requireFits(image);
    int length = Math.multiplyExact(3 * box.height(), width);
    if (narrowed.length < length) {
      narrowed = new int[length];
    }
    horizontal(image, box, kernel(box.width(), width), narrowed);
    vertical(narrowed, kernel(box.height(), height), 3 * width, out);
  }

  private ResizeKernel kernel(int in, int out) {
    int slot = (in * 31 + out) & (KERNELS - 1);
    ResizeKernel kernel = kernels[slot];
    if (kernel == null || kernel.in != in || kernel.out != out) {
      kernel = new ResizeKernel(in, out);
      kernels[slot] = kernel;
    }
    return kernel;
  }

  private static void horizontal(RgbImage image, CropBox box, ResizeKernel kernel, int[] out) {
    byte[] pixels = image.pixels();
    for (int y = 0; y < box.height(); y++) {
      int row = 3 * ((box.top() + y) * image.width() + box.left());
      int to = 3 * y * kernel.out;
      switch (kernel.taps) {
        case 2 -> rowOfTwoTaps(pixels, row, kernel, out, to);
        case 3 -> rowOfThreeTaps(pixels, row, kernel, out, to);
        case 4 -> rowOfFourTaps(pixels, row, kernel, out, to);
        default -> row(pixels, row, kernel, out, to);
      }
    }
  }

  private static void rowOfTwoTaps(byte[] pixels, int row, ResizeKernel kernel, int[] out, int to) {
    int[] weights = kernel.weights;
    int[] start = kernel.start;
    for (int x = 0; x < start.length; x++) {
      int from = row + 3 * start[x];
      int first = weights[2 * x];
      int second = weights[2 * x + 1];
      int o = to + 3 * x;
      out[o] = (HALF + (pixels[from] & 0xFF) * first + (pixels[from + 3] & 0xFF) * second) >> SHIFT;
      out[o + 1] =
          (HALF + (pixels[from + 1] & 0xFF) * first + (pixels[from + 4] & 0xFF) * second) >> SHIFT;
      out[o + 2] =
          (HALF + (pixels[from + 2] & 0xFF) * first + (pixels[from + 5] & 0xFF) * second) >> SHIFT;
    }
  }

  private static void rowOfThreeTaps(
      byte[] pixels, int row, ResizeKernel kernel, int[] out, int to) {
    int[] weights = kernel.weights;
    int[] start = kernel.start;
    for (int x = 0; x < start.length; x++) {
      int a = weights[3 * x];
      int b = weights[3 * x + 1];
      int c = weights[3 * x + 2];
      int from = row + 3 * start[x];
      int o = to + 3 * x;
      for (int channel = 0; channel < 3; channel++, from++) {
        out[o + channel] =
            (HALF
                    + (pixels[from] & 0xFF) * a
                    + (pixels[from + 3] & 0xFF) * b
                    + (pixels[from + 6] & 0xFF) * c)
                >> SHIFT;
      }
    }
  }

  private static void rowOfFourTaps(
      byte[] pixels, int row, ResizeKernel kernel, int[] out, int to) {
    int[] weights = kernel.weights;
    int[] start = kernel.start;
    for (int x = 0; x < start.length; x++) {
      int a = weights[4 * x];
      int b = weights[4 * x + 1];
      int c = weights[4 * x + 2];
      int d = weights[4 * x + 3];
      int from = row + 3 * start[x];
      int o = to + 3 * x;
      for (int channel = 0; channel < 3; channel++, from++) {
        out[o + channel] =
            (HALF
                    + (pixels[from] & 0xFF) * a
                    + (pixels[from + 3] & 0xFF) * b
                    + (pixels[from + 6] & 0xFF) * c
                    + (pixels[from + 9] & 0xFF) * d)
                >> SHIFT;
      }
    }
  }

  private static void row(byte[] pixels, int row, ResizeKernel kernel, int[] out, int to) {
    int taps = kernel.taps;
    for (int x = 0; x < kernel.out; x++) {
      int from = row + 3 * kernel.start[x];
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      for (int t = x * taps; t < (x + 1) * taps; t++, from += 3) {
        int weight = kernel.weights[t];
        red += (pixels[from] & 0xFF) * weight;
        green += (pixels[from + 1] & 0xFF) * weight;
        blue += (pixels[from + 2] & 0xFF) * weight;
      }
      out[to + 3 * x] = red >> SHIFT;
      out[to + 3 * x + 1] = green >> SHIFT;
      out[to + 3 * x + 2] = blue >> SHIFT;
    }
  }

  private static void vertical(int[] in, ResizeKernel kernel, int stride, int[] out) {
    for (int y = 0; y < kernel.out; y++) {
      int from = kernel.start[y] * stride;
      int to = y * stride;
      switch (kernel.taps) {
        case 2 -> blendTwo(in, from, kernel.weights, 2 * y, out, to, stride);
        case 3 -> blendThree(in, from, kernel.weights, 3 * y, out, to, stride);
        case 4 -> blendFour(in, from, kernel.weights, 4 * y, out, to, stride);
        default -> accumulate(in, from, kernel, y, stride, out);
      }
    }
  }

  private static void blendTwo(
      int[] in, int from, int[] weights, int w, int[] out, int to, int stride) {
    int a = weights[w];
    int b = weights[w + 1];
    int second = from + stride;
    for (int i = 0; i < stride; i++) {
      out[to + i] = (HALF + in[from + i] * a + in[second + i] * b) >> SHIFT;
    }
  }

  private static void blendThree(
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

  private static void blendFour(
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

  private static void accumulate(
      int[] in, int from, ResizeKernel kernel, int y, int stride, int[] out) {
    int to = y * stride;
    for (int i = 0; i < stride; i++) {
      out[to + i] = HALF;
    }
    for (int t = 0; t < kernel.taps; t++) {
      int weight = kernel.weights[y * kernel.taps + t];
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
