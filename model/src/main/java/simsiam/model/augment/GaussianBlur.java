package simsiam.model.augment;

import java.util.Arrays;

/**
 * Gaussian blur of 8-bit RGB samples as torchvision's {@code GaussianBlur}: an odd kernel of about
 * a tenth of the side, borders reflected, one rounding to 8 bits at the end. The two axes are done
 * one after the other, in single precision. Not thread-safe.
 */
public final class GaussianBlur {
  private static final int LEAST_KERNEL = 3;

  private final int side;
  private final int radius;
  private final float[] kernel;
  private final float[] padded;
  private final float[] shifted;
  private final float[][] rows;
  private final float[] sums;

  /**
   * @param side S, pixels a side of the images
   */
  GaussianBlur(int side) {
    this.side = side;
    this.radius = kernelSize(side) / 2;
    this.kernel = new float[2 * radius + 1];
    this.padded = new float[3 * (side + 2 * radius)];
    this.shifted = new float[3 * side];
    this.rows = new float[side][3 * side];
    this.sums = new float[3 * side];
  }

  /** A tenth of the side, made odd, and at least 3. */
  public static int kernelSize(int side) {
    return Math.max(LEAST_KERNEL, side / 10 | 1);
  }

  /**
   * Blurs in place.
   *
   * @param samples {@code S·S·3} values 0..255, HWC
   * @param sigma the kernel's deviation, in pixels
   */
  void apply(int[] samples, double sigma) {
    kernel(sigma, kernel);
    for (int y = 0; y < side; y++) {
      alongRow(samples, y);
    }
    for (int y = 0; y < side; y++) {
      alongColumns(y, samples);
    }
  }

  /**
   * The weights along one axis, which sum to 1.
   *
   * @param kernel receives them: {@link #kernelSize} values
   */
  public static void kernel(double sigma, float[] kernel) {
    int radius = kernel.length / 2;
    double total = 0;
    for (int t = 0; t < kernel.length; t++) {
      double distance = (t - radius) / sigma;
      total += Math.exp(-0.5 * distance * distance);
    }
    for (int t = 0; t < kernel.length; t++) {
      double distance = (t - radius) / sigma;
      kernel[t] = (float) (Math.exp(-0.5 * distance * distance) / total);
    }
  }

  /** Which of {@code side} samples stands for the one at i, up to a side before or behind them. */
  public static int reflect(int i, int side) {
    int folded = Math.abs(i);
    return folded < side ? folded : 2 * (side - 1) - folded;
  }

  private void alongRow(int[] samples, int y) {
    int stride = 3 * side;
    for (int x = -radius; x < side + radius; x++) {
      int from = y * stride + 3 * reflect(x, side);
      int to = 3 * (x + radius);
      padded[to] = samples[from];
      padded[to + 1] = samples[from + 1];
      padded[to + 2] = samples[from + 2];
    }
    Arrays.fill(rows[y], 0);
    for (int t = 0; t < kernel.length; t++) {
      System.arraycopy(padded, 3 * t, shifted, 0, stride);
      add(shifted, kernel[t], rows[y]);
    }
  }

  private void alongColumns(int y, int[] samples) {
    Arrays.fill(sums, 0);
    for (int t = 0; t < kernel.length; t++) {
      add(rows[reflect(y + t - radius, side)], kernel[t], sums);
    }
    int to = y * sums.length;
    for (int i = 0; i < sums.length; i++) {
      // A convex combination of 0..255, so no clamping; rounds half to even, as torch does.
      samples[to + i] = (int) Math.rint(sums[i]);
    }
  }

  /**
   * Without an offset to an index, as the compiler makes vector instructions of such loops alone.
   */
  private static void add(float[] row, float weight, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * row[i];
    }
  }
}
