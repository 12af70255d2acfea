package simsiam.model.image.resize;

import java.util.Arrays;
import simsiam.model.image.CropBox;
import simsiam.model.image.RgbImage;

/**
 * Antialiased resizing of 8-bit RGB, bit for bit that of Pillow 12.3.0's {@code
 * image.crop(box).resize(size, BILINEAR)} or {@code BICUBIC}: a horizontal, then a vertical pass
 * with fixed-point weights, rounded to 8 bits between them. (Pillow 13 resizes tall images
 * vertically first, which rounds otherwise.) Keeps its weights and buffers: allocates nothing but
 * results once it has seen the sizes. Not thread-safe: one for each thread.
 */
public final class Resampler {
  private static final int KERNELS = 1024;
  private static final int[] EMPTY = {};

  private final Interpolation interpolation;
  private final ResizeKernel[] kernels = new ResizeKernel[KERNELS];
  private final RowPair pair = new RowPair();
  private int[][] ring = {};
  private int[][] narrowed = {};
  private int[] line = EMPTY;

  /** A bilinear one. */
  public Resampler() {
    this(Interpolation.BILINEAR);
  }

  public Resampler(Interpolation interpolation) {
    this.interpolation = interpolation;
  }

  /** Takes the rows of a result, from its top. */
  private interface Rows {
    void take(int y, int[] row);
  }

  /** The whole image at another size. */
  public RgbImage resize(RgbImage image, int height, int width) {
    if (height == image.height() && width == image.width()) {
      return image;
    }
    return part(image, height, width, new CropBox(0, 0, height, width));
  }

  /**
   * A part of the image at another size; nothing is made of the rest, however large it would be.
   *
   * @param height of the whole at that size
   * @param width of the whole at that size
   * @param part of it
   */
  public RgbImage part(RgbImage image, int height, int width, CropBox part) {
    part.requireInside(height, width);
    int stride = 3 * part.width();
    byte[] pixels = new byte[Math.multiplyExact(part.height(), stride)];
    rows(
        image,
        CropBox.whole(image),
        kernel(image.width(), width, part.left(), part.width()),
        kernel(image.height(), height, part.top(), part.height()),
        (y, row) -> {
          for (int i = 0; i < stride; i++) {
            pixels[y * stride + i] = (byte) row[i];
          }
        });
    return new RgbImage(part.height(), part.width(), pixels);
  }

  /**
   * A part of the image at another size.
   *
   * @param out receives {@code height·width·3} samples 0..255, HWC
   */
  public void resize(RgbImage image, CropBox box, int height, int width, int[] out) {
    box.requireInside(image.height(), image.width());
    int stride = 3 * width;
    rows(
        image,
        box,
        kernel(box.width(), width, 0, width),
        kernel(box.height(), height, 0, height),
        (y, row) -> System.arraycopy(row, 0, out, y * stride, stride));
  }

  /**
   * Both passes, a row of the result after the other. Rows of the box are made narrow, or wide, two
   * at a time when the first row of the result wants them, and kept while one does; the last of an
   * odd number is its own neighbour.
   */
  private void rows(
      RgbImage image, CropBox box, ResizeKernel across, ResizeKernel down, Rows rows) {
    int stride = 3 * across.count;
    int kept = down.taps + 2;
    reserve(box.height(), kept, stride);
    int ready = down.start[0];
    for (int y = 0; y < down.count; y++) {
      for (; ready < down.start[y] + down.taps; ready += 2) {
        int next = Math.min(ready + 1, box.height() - 1);
        narrowed[ready] = ring[ready % kept];
        narrowed[next] = ring[next % kept];
        pair.load(image, box, ready, next);
        pair.resize(across, narrowed[ready], narrowed[next]);
      }
      RowBlend.row(narrowed, down, y, line, stride);
      rows.take(y, line);
    }
  }

  private void reserve(int rows, int kept, int stride) {
    if (line.length < stride) {
      line = new int[stride];
    }
    if (narrowed.length < rows) {
      narrowed = new int[rows][];
    }
    if (ring.length < kept) {
      int before = ring.length;
      ring = Arrays.copyOf(ring, kept);
      Arrays.fill(ring, before, kept, EMPTY);
    }
    for (int i = 0; i < kept; i++) {
      if (ring[i].length < stride) {
        ring[i] = new int[stride];
      }
    }
  }

  private ResizeKernel kernel(int in, int out, int first, int count) {
    int slot = ((in * 31 + out) * 31 + first) & (KERNELS - 1);
    ResizeKernel kernel = kernels[slot];
    if (kernel == null || !kernel.is(in, out, first, count)) {
      kernel = new ResizeKernel(interpolation, in, out, first, count);
      kernels[slot] = kernel;
    }
    return kernel;
  }
}
