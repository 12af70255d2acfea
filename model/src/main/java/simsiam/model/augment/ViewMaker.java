package simsiam.model.augment;

import simsiam.model.image.RgbImage;
import simsiam.model.image.resize.Resampler;

/**
 * Makes views of images: draws what a {@link ViewSampler} draws and applies it, with 8-bit samples
 * between the operations and the numerics of torchvision on PIL images. Keeps its buffers; not
 * thread-safe: one for each thread.
 */
public final class ViewMaker {
  private final AugmentSpec spec;
  private final ViewSampler sampler;
  private final ColorJitter jitter;
  private final GaussianBlur blur;
  private final Resampler resampler;
  private final int[] samples;

  public ViewMaker(AugmentSpec spec) {
    this.spec = spec;
    this.sampler = new ViewSampler(spec);
    this.resampler = new Resampler(spec.interpolation());
    this.jitter = new ColorJitter(spec.jitter());
    this.blur = new GaussianBlur(spec.cropSize());
    this.samples = new int[3 * spec.cropSize() * spec.cropSize()];
  }

  /** S, pixels a side of a view. */
  public int size() {
    return spec.cropSize();
  }

  /** One view, as an image to look at. */
  public RgbImage view(RgbImage image, ViewRandom random) {
    make(image, random);
    byte[] pixels = new byte[samples.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) samples[i];
    }
    return new RgbImage(size(), size(), pixels);
  }

  /** One view, normalised, as {@code S·S·3} floats (HWC) from {@code offset} on. */
  public void write(
      RgbImage image, ViewRandom random, Normalization normalization, float[] out, int offset) {
    make(image, random);
    normalization.write(samples, out, offset);
  }

  private void make(RgbImage image, ViewRandom random) {
    ViewDraw draw = sampler.draw(image.height(), image.width(), random);
    resampler.resize(image, draw.box(), size(), size(), samples);
    if (draw.flipped()) {
      flip(samples, size());
    }
    draw.jitter().ifPresent(factors -> jitter.apply(samples, factors));
    if (draw.grey()) {
      Tones.greyscale(samples);
    }
    if (draw.sigma() > 0) {
      blur.apply(samples, draw.sigma());
    }
  }

  /** Left to right, in place; a square image. */
  static void flip(int[] samples, int side) {
    for (int y = 0; y < side; y++) {
      int left = 3 * y * side;
      int right = left + 3 * (side - 1);
      for (; left < right; left += 3, right -= 3) {
        for (int channel = 0; channel < 3; channel++) {
          int kept = samples[left + channel];
          samples[left + channel] = samples[right + channel];
          samples[right + channel] = kept;
        }
      }
    }
  }
}
