package simsiam.model.augment;

import simsiam.model.image.CropBox;
import simsiam.model.image.RgbImage;
import simsiam.model.image.resize.Interpolation;
import simsiam.model.image.resize.Resampler;

/**
 * What an image goes through where it is measured rather than learnt from: nothing where it has the
 * size already; else the shorter side is resized to 256/224 of it and the centre cut out, as is the
 * custom for ImageNet. Or, where it is asked for, the shorter side is brought to another size
 * first, whatever it is. Not thread-safe: one for each thread.
 */
public final class EvalTransform {
  private static final double MARGIN = 256.0 / 224;

  private final int size;
  private final int resize;
  private final Resampler resampler;

  /**
   * How images are resized before the centre is cut out.
   *
   * @param shorter pixels of the shorter side, at least S; 0: as is the custom
   */
  public record Resize(int shorter, Interpolation interpolation) {
    /** As is the custom, bilinear. */
    public static final Resize CUSTOMARY = new Resize(0, Interpolation.BILINEAR);
  }

  /**
   * @param size S, pixels a side of the result
   */
  public EvalTransform(int size) {
    this(size, Resize.CUSTOMARY);
  }

  /**
   * @param size S, pixels a side of the result
   */
  public EvalTransform(int size, Resize resize) {
    if (resize.shorter() != 0 && resize.shorter() < size) {
      throw new IllegalArgumentException(
          "Cannot cut out the centre: expected a shorter side of at least %s, got %s"
              .formatted(size, resize.shorter()));
    }
    this.size = size;
    this.resize = resize.shorter();
    this.resampler = new Resampler(resize.interpolation());
  }

  /** An image of S×S pixels. */
  public RgbImage apply(RgbImage image) {
    if (resize == 0 && image.height() == size && image.width() == size) {
      return image;
    }
    int shorter = resize == 0 ? (int) Math.round(size * MARGIN) : resize;
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
