package simsiam.model.image;

/** A part of an image, in whole pixels. */
public record CropBox(int top, int left, int height, int width) {
  public static CropBox whole(RgbImage image) {
    return new CropBox(0, 0, image.height(), image.width());
  }

  /** Whether the box holds a pixel and none outside an image of that size. */
  private boolean fits(int outerHeight, int outerWidth) {
    return top >= 0
        && left >= 0
        && height >= 1
        && width >= 1
        && height <= outerHeight - top
        && width <= outerWidth - left;
  }

  public void requireInside(int outerHeight, int outerWidth) {
    if (!fits(outerHeight, outerWidth)) {
      throw new IllegalArgumentException(
          "Cannot crop: expected a box inside %sx%s, got %s"
              .formatted(outerWidth, outerHeight, this));
    }
  }
}
