package simsiam.model.image;

/**
 * From a JPEG's own colour coding to RGB, with libjpeg's fixed-point conversion (JFIF, ITU-R BT.601
 * full range) and, for CMYK, Pillow's uncalibrated product, so that the result depends on no colour
 * profile.
 */
final class JpegColor {
  private static final int[] RED_FROM_CR = new int[256];
  private static final int[] BLUE_FROM_CB = new int[256];
  private static final int[] GREEN_FROM_CR = new int[256];
  private static final int[] GREEN_FROM_CB = new int[256];

  static {
    int half = 1 << 15;
    for (int i = 0; i < 256; i++) {
      int chroma = i - 128;
      RED_FROM_CR[i] = (fixed(1.40200) * chroma + half) >> 16;
      BLUE_FROM_CB[i] = (fixed(1.77200) * chroma + half) >> 16;
      GREEN_FROM_CR[i] = -fixed(0.71414) * chroma;
      GREEN_FROM_CB[i] = -fixed(0.34414) * chroma + half;
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
      int y = samples[i] & 0xFF;
      int cb = samples[i + 1] & 0xFF;
      int cr = samples[i + 2] & 0xFF;
      samples[i] = (byte) clamp(y + RED_FROM_CR[cr]);
      samples[i + 1] = (byte) clamp(y + ((GREEN_FROM_CB[cb] + GREEN_FROM_CR[cr]) >> 16));
      samples[i + 2] = (byte) clamp(y + BLUE_FROM_CB[cb]);
    }
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value));
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
