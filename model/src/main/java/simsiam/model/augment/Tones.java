package simsiam.model.augment;

/**
 * Brightness, contrast, saturation and greyscale of 8-bit RGB samples (HWC, 0..255, changed in
 * place), bit for bit as torchvision does them on PIL images: each blends the image with a
 * degenerate one in single precision, {@code d + factor·(x - d)}, cut off to a whole number and
 * clamped to 0..255. Luma is Pillow's, {@code (19595 R + 38470 G + 7471 B + 2^15) >> 16}.
 */
final class Tones {
  private final int[] table = new int[256];

  /** Blends with black. */
  void brightness(int[] samples, double factor) {
    blendWith(0, samples, factor);
  }

  /** Blends with the mean luma of the image, rounded. */
  void contrast(int[] samples, double factor) {
    long total = 0;
    for (int i = 0; i < samples.length; i += 3) {
      total += luma(samples, i);
    }
    int mean = (int) (total / (samples.length / 3.0) + 0.5);
    blendWith(mean, samples, factor);
  }

  private void blendWith(int degenerate, int[] samples, double factor) {
    float alpha = (float) factor;
    for (int value = 0; value < 256; value++) {
      table[value] = blend(degenerate, value, alpha);
    }
    for (int i = 0; i < samples.length; i++) {
      samples[i] = table[samples[i]];
    }
  }

  /** Blends with the image's own grey. */
  static void saturation(int[] samples, double factor) {
    float alpha = (float) factor;
    for (int i = 0; i < samples.length; i += 3) {
      int luma = luma(samples, i);
      samples[i] = blend(luma, samples[i], alpha);
      samples[i + 1] = blend(luma, samples[i + 1], alpha);
      samples[i + 2] = blend(luma, samples[i + 2], alpha);
    }
  }

  static void greyscale(int[] samples) {
    for (int i = 0; i < samples.length; i += 3) {
      int luma = luma(samples, i);
      samples[i] = luma;
      samples[i + 1] = luma;
      samples[i + 2] = luma;
    }
  }

  private static int blend(int degenerate, int value, float alpha) {
    int blended = (int) (degenerate + alpha * (value - degenerate));
    return Math.max(0, Math.min(255, blended));
  }

  private static int luma(int[] samples, int i) {
    return (samples[i] * 19595 + samples[i + 1] * 38470 + samples[i + 2] * 7471 + 0x8000) >> 16;
  }
}
