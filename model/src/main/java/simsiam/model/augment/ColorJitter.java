package simsiam.model.augment;

/**
 * Colour jitter as torchvision's on PIL images: brightness, contrast, saturation and hue in random
 * order, 8-bit samples between them. An operation of strength 0 is left out. Not thread-safe.
 */
final class ColorJitter {
  private final JitterSpec spec;
  private final Tones tones = new Tones();

  ColorJitter(JitterSpec spec) {
    this.spec = spec;
  }

  /** The operations of a jitter, in the order of {@link Factors#of}. */
  enum Operation {
    BRIGHTNESS,
    CONTRAST,
    SATURATION,
    HUE;

    private static final Operation[] ALL = values();
  }

  /**
   * What one jitter does.
   *
   * @param order the place k of the order holds the operation done k-th, 2 bits each from the
   *     lowest on
   * @param hue in turns
   */
  record Factors(int order, double brightness, double contrast, double saturation, double hue) {
    Operation operation(int k) {
      return Operation.ALL[(order >> (2 * k)) & 3];
    }
  }

  /** Draws the order (Fisher and Yates), then the four factors. */
  Factors sample(ViewRandom random) {
    int order = 0b11_10_01_00;
    for (int k = 3; k > 0; k--) {
      order = swap(order, k, random.nextInt(k + 1));
    }
    return new Factors(
        order,
        factor(spec.brightness(), random),
        factor(spec.contrast(), random),
        factor(spec.saturation(), random),
        random.uniform(-spec.hue(), spec.hue()));
  }

  private static int swap(int order, int i, int j) {
    int difference = ((order >> (2 * i)) ^ (order >> (2 * j))) & 3;
    return i == j ? order : order ^ (difference << (2 * i)) ^ (difference << (2 * j));
  }

  private static double factor(double strength, ViewRandom random) {
    return random.uniform(Math.max(0, 1 - strength), 1 + strength);
  }

  /** Changes the samples (HWC, 0..255) in place. */
  void apply(int[] samples, Factors factors) {
    for (int k = 0; k < Operation.ALL.length; k++) {
      apply(samples, factors.operation(k), factors);
    }
  }

  private void apply(int[] samples, Operation operation, Factors factors) {
    switch (operation) {
      case BRIGHTNESS -> {
        if (spec.brightness() > 0) {
          tones.brightness(samples, factors.brightness());
        }
      }
      case CONTRAST -> {
        if (spec.contrast() > 0) {
          tones.contrast(samples, factors.contrast());
        }
      }
      case SATURATION -> {
        if (spec.saturation() > 0) {
          Tones.saturation(samples, factors.saturation());
        }
      }
      case HUE -> {
        if (spec.hue() > 0) {
          HueShift.apply(samples, factors.hue());
        }
      }
    }
  }
}
