package simsiam.model.augment;

/**
 * Turns the hue of 8-bit RGB samples (HWC, 0..255, changed in place), bit for bit as torchvision
 * does on PIL images: to Pillow's 8-bit HSV, hue shifted with wrap-around, and back. The two
 * conversions alone lose some colours, also where the shift is 0.
 *
 * <p>By tables: with V the largest sample and C the largest less the smallest, 8-bit saturation
 * depends on (V, C) alone, and 8-bit hue on which channel is largest, C, and the difference of the
 * other two.
 */
final class HueShift {
  /** Hue and saturation as 8 bits run over 0..255 for 0..1. */
  private static final double FULL = 255.0;

  /** At {@code V·256 + C}. */
  private static final byte[] SATURATION = new byte[1 << 16];

  /** At {@code channel·2^16 + C² + C + difference}, which numbers the pairs without gaps. */
  private static final byte[] HUE = new byte[3 << 16];

  /** For each hue, which sixth of the circle it lies in, and how far into it. */
  private static final int[] SIXTH = new int[256];

  private static final float[] WITHIN = new float[256];
  private static final float[] FRACTION = new float[256];

  /** For each sixth, which channel holds the largest, the middle and the smallest value. */
  private static final int[] LARGEST = {0, 1, 1, 2, 2, 0};

  private static final int[] MIDDLE = {1, 0, 2, 1, 0, 2};
  private static final int[] SMALLEST = {2, 2, 0, 0, 1, 1};

  static {
    for (int i = 0; i < 256; i++) {
      double sixths = (float) i * 6.0 / FULL;
      int whole = (int) Math.floor(sixths);
      SIXTH[i] = whole % 6;
      WITHIN[i] = (float) (sixths - (float) whole);
      FRACTION[i] = (float) (i / FULL);
    }
    for (int chroma = 1; chroma < 256; chroma++) {
      for (int value = chroma; value < 256; value++) {
        SATURATION[(value << 8) | chroma] = (byte) ((float) chroma / (float) value * FULL);
      }
      for (int difference = -chroma; difference <= chroma; difference++) {
        for (int channel = 0; channel < 3; channel++) {
          HUE[hueIndex(channel, chroma, difference)] = (byte) hue(channel, chroma, difference);
        }
      }
    }
  }

  private HueShift() {}

  private static int hueIndex(int channel, int chroma, int difference) {
    return (channel << 16) + chroma * chroma + chroma + difference;
  }

  /**
   * Pillow's hue, in its precision.
   *
   * @param channel the one with the largest sample
   * @param difference of the two samples after it in the circle red, green, blue
   */
  private static int hue(int channel, float chroma, int difference) {
    // How far the next two lie below the largest; the lower of them by the whole chroma.
    float next = difference >= 0 ? (chroma - difference) / chroma : 1;
    float last = difference >= 0 ? 1 : (chroma + difference) / chroma;
    float sixths =
        switch (channel) {
          case 0 -> last - next;
          case 1 -> (float) (2.0 + last - next);
          default -> (float) (4.0 + last - next);
        };
    double turns = sixths / 6.0 + 1.0;
    return (int) ((float) (turns >= 1 ? turns - 1 : turns) * FULL);
  }

  /**
   * Shifts every hue.
   *
   * @param turns in [-0.5, 0.5]; rounded towards 0 to a multiple of 1/255
   */
  static void apply(int[] samples, double turns) {
    int shift = (int) (turns * FULL);
    for (int i = 0; i < samples.length; i += 3) {
      int red = samples[i];
      int green = samples[i + 1];
      int blue = samples[i + 2];
      int value = Math.max(red, Math.max(green, blue));
      int chroma = value - Math.min(red, Math.min(green, blue));
      int saturation = SATURATION[(value << 8) | chroma] & 0xFF;
      if (saturation == 0) {
        samples[i] = value;
        samples[i + 1] = value;
        samples[i + 2] = value;
      } else {
        int hue = HUE[hueIndex(red, green, blue, value, chroma)] + shift;
        write(samples, i, hue & 0xFF, saturation, value);
      }
    }
  }

  private static int hueIndex(int red, int green, int blue, int value, int chroma) {
    if (red == value) {
      return hueIndex(0, chroma, green - blue);
    }
    return green == value ? hueIndex(1, chroma, blue - red) : hueIndex(2, chroma, red - green);
  }

  private static void write(int[] samples, int i, int hue, int saturation, int value) {
    int sixth = SIXTH[hue];
    float s = FRACTION[saturation];
    float within = WITHIN[hue];
    double rest = (sixth & 1) == 0 ? s * (1.0 - within) : s * within;
    samples[i + LARGEST[sixth]] = value;
    samples[i + MIDDLE[sixth]] = (int) (value * (1.0 - rest) + 0.5);
    samples[i + SMALLEST[sixth]] = (int) (value * (1.0 - s) + 0.5);
  }
}
