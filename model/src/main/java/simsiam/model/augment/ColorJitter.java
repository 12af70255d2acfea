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

  /** Changes the samples (HWC, 0..255) in place. */
  void apply(int[] samples, ViewDraw.Jitter factors) {
    for (int k = 0; k < ViewDraw.Operation.COUNT; k++) {
      apply(samples, factors.operation(k), factors);
    }
  }

  private void apply(int[] samples, ViewDraw.Operation operation, ViewDraw.Jitter factors) {
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
