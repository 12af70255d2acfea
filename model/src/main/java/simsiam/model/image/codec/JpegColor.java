package simsiam.model.image.codec;

/**
 * From a JPEG's own colour coding to RGB, with libjpeg's fixed-point conversion (JFIF, ITU-R BT.601
 * full range) and, for CMYK, Pillow's uncalibrated product, so that the result depends on no colour
 * profile.
 */
final class JpegColor {
  /** Added to every sample, so that no field is ever negative and borrows from the next. */
  private static final int BIAS = 256;

  // Three fields of a long, added at once: green with 16 bits of fraction, red and blue without.
  private static final int GREEN = 16;
  private static final int RED = 32;
  private static final int BLUE = 48;

  private static final long[] FROM_Y = new long[256];
  private static final long[] FROM_CB = new long[256];
  private static final long[] FROM_CR = new long[256];

  /** A biased sample, cut to 0..255. */
  private static final byte[] CLAMPED = new byte[4 * BIAS];

  static {
    int half = 1 << 15;
    for (int i = 0; i < 256; i++) {
      long chroma = i - 128L;
      long y = (long) i + BIAS;
      long red = (fixed(1.40200) * chroma + half) >> 16;
      long blue = (fixed(1.77200) * chroma + half) >> 16;
      FROM_Y[i] = (y << BLUE) + (y << RED) + (y << GREEN);
      FROM_CB[i] = (blue << BLUE) - fixed(0.34414) * chroma + half;
      FROM_CR[i] = (red << RED) - fixed(0.71414) * chroma;
    }
    for (int i = 0; i < CLAMPED.length; i++) {
      CLAMPED[i] = (byte) Math.max(0, Math.min(255, i - BIAS));
    }
  }

  private JpegColor() {}

  private static int fixed(double value) {
    return (int) (value * 65536 + 0.5);
  }

  static byte[] greyToRgb(byte[] samples) {
    byte[] rgb = new byte[Math.multiplyExact(3, samples.length)];
    for (int from = 0, to = 0; from < samples.length; from++, to += 3) {
      rgb[to] = samples[from];
      rgb[to + 1] = samples[from];
      rgb[to + 2] = samples[from];
    }
    return rgb;
  }

  /** YCbCr to RGB in place, {@code stride} samples a pixel. */
  static void yccToRgb(byte[] samples, int stride) {
    for (int i = 0; i < samples.length; i += stride) {
      long rgb =
          FROM_Y[samples[i] & 0xFF]
              + FROM_CB[samples[i + 1] & 0xFF]
              + FROM_CR[samples[i + 2] & 0xFF];
      samples[i] = sample(rgb, RED);
      samples[i + 1] = sample(rgb, GREEN);
      samples[i + 2] = sample(rgb, BLUE);
    }
  }

  private static byte sample(long rgb, int field) {
    return CLAMPED[(int) (rgb >>> field) & (CLAMPED.length - 1)];
  }

  /**
   * CMYK as files hold it, inverted by Adobe's convention (255 = no ink), to RGB.
   *
   * @param ycck whether the first three samples are YCbCr, which decodes to their complement
   */
  static byte[] cmykToRgb(byte[] samples, boolean ycck) {
    if (ycck) {
      yccToRgb(samples, 4);
    }
    byte[] rgb = new byte[samples.length / 4 * 3];
    for (int from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
      int white = samples[from + 3] & 0xFF;
      for (int channel = 0; channel < 3; channel++) {
        int stored = samples[from + channel] & 0xFF;
        int ink = ycck ? stored : 255 - stored;
        rgb[to + channel] = (byte) (white - scale(ink, white));
      }
    }
    return rgb;
  }

  /** {@code a·b/255}, rounded. */
  private static int scale(int a, int b) {
    int product = a * b + 128;
    return (product + (product >> 8)) >> 8;
  }
}
