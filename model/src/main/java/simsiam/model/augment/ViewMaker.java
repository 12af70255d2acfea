package simsiam.model.augment;

import simsiam.model.image.CropBox;
import simsiam.model.image.RgbImage;
import simsiam.model.image.resize.Resampler;

/**
 * Makes views of images: random resized crop, horizontal flip, colour jitter, greyscale, Gaussian
 * blur (paper §3 and Appendix D), drawn in this order. 8-bit samples between the operations, with
 * the numerics of torchvision on PIL images. Keeps its buffers; not thread-safe: one for each
 * thread.
 */
public final class ViewMaker {
  private final AugmentSpec spec;
  private final CropSampler crop;
  private final ColorJitter jitter;
  private final GaussianBlur blur;
  private final Resampler resampler = new Resampler();
  private final int[] samples;

  public ViewMaker(AugmentSpec spec) {
    this.spec = spec;
    this.crop = new CropSampler(spec.cropScale(), spec.cropRatio());
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
    CropBox box = crop.sample(image.height(), image.width(), random);
    resampler.resize(image, box, size(), size(), samples);
    if (random.chance(spec.flip())) {
      flip(samples, size());
    }
    if (random.chance(spec.jitter().p())) {
      jitter.apply(samples, jitter.sample(random));
    }
    if (random.chance(spec.grayscaleP())) {
      Tones.greyscale(samples);
    }
    if (random.chance(spec.blur().p())) {
      blur.apply(samples, random.uniform(spec.blur().sigma().get(0), spec.blur().sigma().get(1)));
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
