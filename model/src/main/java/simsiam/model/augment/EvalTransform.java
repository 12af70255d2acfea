package simsiam.model.augment;

import simsiam.model.image.CropBox;
import simsiam.model.image.Resampler;
import simsiam.model.image.RgbImage;

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
    int longer = (int) (shorter * longSide / Math.min(image.height(), image.width()));
    RgbImage resized =
        resampler.resize(image, upright ? longer : shorter, upright ? shorter : longer);
    return cut(resized);
  }

  private RgbImage cut(RgbImage image) {
    int top = (int) Math.rint((image.height() - size) / 2.0);
    int left = (int) Math.rint((image.width() - size) / 2.0);
    return new CropBox(top, left, size, size).cut(image);
  }
}
