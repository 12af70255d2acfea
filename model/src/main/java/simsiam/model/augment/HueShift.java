package simsiam.model.augment;

/**
 * Turns the hue of 8-bit RGB samples (HWC, 0..255, changed in place), bit for bit as torchvision
 * does on PIL images: to Pillow's 8-bit HSV, hue shifted with wrap-around, and back. The two
 * conversions alone lose some colours, also where the shift is 0.
 */
final class HueShift {
  /** Hue as 8 bits runs over 0..255 for 0..1 turns. */
  private static final double FULL = 255.0;

  /** For each hue, which sixth of the circle it lies in, and how far into it. */
  private static final int[] SIXTH = new int[256];

  private static final float[] WITHIN = new float[256];

  /** For each sixth, which channel holds the largest, the middle and the smallest value. */
  private static final int[] LARGEST = {0, 1, 1, 2, 2, 0};

  private static final int[] MIDDLE = {1, 0, 2, 1, 0, 2};
  private static final int[] SMALLEST = {2, 2, 0, 0, 1, 1};

  static {
    for (int hue = 0; hue < 256; hue++) {
      double sixths = (float) hue * 6.0 / FULL;
      int whole = (int) Math.floor(sixths);
      SIXTH[hue] = whole % 6;
      WITHIN[hue] = (float) (sixths - (float) whole);
    }
  }

  private HueShift() {}

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
      int max = Math.max(red, Math.max(green, blue));
      int chroma = max - Math.min(red, Math.min(green, blue));
      int saturation = chroma == 0 ? 0 : (int) ((float) chroma / (float) max * FULL);
      if (saturation == 0) {
        samples[i] = max;
        samples[i + 1] = max;
        samples[i + 2] = max;
      } else {
        int hue = (hue(red, green, blue, max, chroma) + shift) & 0xFF;
        write(samples, i, hue, (float) saturation / FULL, max);
      }
    }
  }

  private static int hue(int red, int green, int blue, int max, float chroma) {
    float r = (max - red) / chroma;
    float g = (max - green) / chroma;
    float b = (max - blue) / chroma;
    float sixths;
    if (red == max) {
      sixths = b - g;
    } else if (green == max) {
      sixths = (float) (2.0 + r - b);
    } else {
      sixths = (float) (4.0 + g - r);
    }
    double turns = sixths / 6.0 + 1.0;
    float hue = (float) (turns >= 1 ? turns - 1 : turns);
    return (int) (hue * FULL);
  }

  private static void write(int[] samples, int i, int hue, double saturation, int value) {
    int sixth = SIXTH[hue];
    float s = (float) saturation;
    float within = WITHIN[hue];
    double rest = (sixth & 1) == 0 ? s * (1.0 - within) : s * within;
    samples[i + LARGEST[sixth]] = value;
    samples[i + MIDDLE[sixth]] = (int) (value * (1.0 - rest) + 0.5);
    samples[i + SMALLEST[sixth]] = (int) (value * (1.0 - s) + 0.5);
  }
}
