package simsiam.model.augment;

import java.util.Optional;
import simsiam.model.image.CropBox;

/**
 * Draws the transformations of views: random resized crop, horizontal flip, colour jitter,
 * greyscale, Gaussian blur (paper §3 and Appendix D), in this order.
 */
public final class ViewSampler {
  private final AugmentSpec spec;
  private final CropSampler crop;

  public ViewSampler(AugmentSpec spec) {
    this.spec = spec;
    this.crop = new CropSampler(spec.cropScale(), spec.cropRatio());
  }

  /** A view of an image of that size. */
  public ViewDraw draw(int height, int width, ViewRandom random) {
    CropBox box = crop.sample(height, width, random);
    boolean flipped = random.chance(spec.flip());
    Optional<ViewDraw.Jitter> jitter =
        random.chance(spec.jitter().p()) ? Optional.of(jitter(random)) : Optional.empty();
    boolean grey = random.chance(spec.grayscaleP());
    BlurSpec blur = spec.blur();
    double sigma =
        random.chance(blur.p()) ? random.uniform(blur.sigma().get(0), blur.sigma().get(1)) : 0;
    return new ViewDraw(box, flipped, jitter, grey, sigma);
  }

  /** Draws the order (Fisher and Yates), then the four factors. */
  ViewDraw.Jitter jitter(ViewRandom random) {
    JitterSpec strengths = spec.jitter();
    int order = 0b11_10_01_00;
    for (int k = ViewDraw.Operation.COUNT - 1; k > 0; k--) {
      order = swap(order, k, random.nextInt(k + 1));
    }
    return new ViewDraw.Jitter(
        order,
        factor(strengths.brightness(), random),
        factor(strengths.contrast(), random),
        factor(strengths.saturation(), random),
        random.uniform(-strengths.hue(), strengths.hue()));
  }

  private static int swap(int order, int i, int j) {
    int difference = ((order >> (2 * i)) ^ (order >> (2 * j))) & 3;
    return i == j ? order : order ^ (difference << (2 * i)) ^ (difference << (2 * j));
  }

  private static double factor(double strength, ViewRandom random) {
    return random.uniform(Math.max(0, 1 - strength), 1 + strength);
  }
}
