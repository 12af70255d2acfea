package simsiam.model.image;

import java.util.Arrays;

/**
 * Antialiased bilinear resizing of 8-bit RGB, bit for bit that of Pillow 12.3.0's {@code
 * image.crop(box).resize(size, BILINEAR)}: a horizontal, then a vertical pass with fixed-point
 * weights, rounded to 8 bits between them. (Pillow 13 resizes tall images vertically first, which
 * rounds otherwise.) Keeps its weights and buffers: allocates nothing but results once it has seen
 * the sizes. Not thread-safe: one for each thread.
 */
public final class Resampler {
  private static final int KERNELS = 1024;
  private static final int[] EMPTY = {};

  private final ResizeKernel[] kernels = new ResizeKernel[KERNELS];
  private final RowPair pair = new RowPair();
  private int[][] narrowed = {};
  private int[] line = EMPTY;

  /** The whole image at another size. */
  public RgbImage resize(RgbImage image, int height, int width) {
    if (height == image.height() && width == image.width()) {
      return image;
    }
    int stride = 3 * width;
    byte[] pixels = new byte[Math.multiplyExact(height, stride)];
    narrow(image, CropBox.whole(image), width);
    ResizeKernel kernel = kernel(image.height(), height);
    for (int y = 0; y < height; y++) {
      RowBlend.row(narrowed, kernel, y, line, stride);
      for (int i = 0; i < stride; i++) {
        pixels[y * stride + i] = (byte) line[i];
      }
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
    narrow(image, box, width);
    ResizeKernel kernel = kernel(box.height(), height);
    int stride = 3 * width;
    for (int y = 0; y < height; y++) {
      RowBlend.row(narrowed, kernel, y, line, stride);
      System.arraycopy(line, 0, out, y * stride, stride);
    }
  }

  /** The horizontal pass, two rows at a time; the last of an odd number is its own neighbour. */
  private void narrow(RgbImage image, CropBox box, int width) {
    reserve(box.height(), 3 * width);
    ResizeKernel kernel = kernel(box.width(), width);
    for (int y = 0; y < box.height(); y += 2) {
      int next = Math.min(y + 1, box.height() - 1);
      pair.load(image, box, y, next);
      pair.resize(kernel, narrowed[y], narrowed[next]);
    }
  }

  /** Row by row, as a tall image and a wide one together would ask for much more than either. */
  private void reserve(int rows, int stride) {
    if (line.length < stride) {
      line = new int[stride];
    }
    if (narrowed.length < rows) {
      int kept = narrowed.length;
      narrowed = Arrays.copyOf(narrowed, rows);
      Arrays.fill(narrowed, kept, rows, EMPTY);
    }
    for (int y = 0; y < rows; y++) {
      if (narrowed[y].length < stride) {
        narrowed[y] = new int[stride];
      }
    }
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
}
