package simsiam.model.augment;

import simsiam.model.image.CropBox;
import simsiam.model.image.RgbImage;
import simsiam.model.image.resize.Resampler;

/**
 * What an image goes through where it is measured rather than learnt from: nothing where it has the
 * size already; else the shorter side is resized to 256/224 of it and the centre cut out, as is the
 * custom for ImageNet. Not thread-safe: one for each thread.
 */
public final class EvalTransform {
  private static final double MARGIN = 256.0 / 224;

  private final int size;
  private final Resampler resampler = new Resampler();

  /**
   * @param size S, pixels a side of the result
   */
  public EvalTransform(int size) {
    this.size = size;
  }

  /** An image of S×S pixels. */
  public RgbImage apply(RgbImage image) {
    if (image.height() == size && image.width() == size) {
      return image;
    }
    int shorter = (int) Math.round(size * MARGIN);
    boolean upright = image.width() <= image.height();
    long longSide = Math.max(image.height(), image.width());
    int longer = Math.toIntExact(shorter * longSide / Math.min(image.height(), image.width()));
    int height = upright ? longer : shorter;
    int width = upright ? shorter : longer;
    int top = (int) Math.rint((height - size) / 2.0);
    int left = (int) Math.rint((width - size) / 2.0);
    return resampler.part(image, height, width, new CropBox(top, left, size, size));
  }
}
