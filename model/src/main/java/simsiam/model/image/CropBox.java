package simsiam.model.image;

/** A part of an image, in whole pixels. */
public record CropBox(int top, int left, int height, int width) {
  public static CropBox whole(RgbImage image) {
    return new CropBox(0, 0, image.height(), image.width());
  }

  /** Whether the box holds a pixel and none outside the image. */
  private boolean fits(RgbImage image) {
    return top >= 0
        && left >= 0
        && height >= 1
        && width >= 1
        && height <= image.height() - top
        && width <= image.width() - left;
  }

  /** The box's own pixels. */
  public RgbImage cut(RgbImage image) {
    requireFits(image);
    byte[] pixels = new byte[3 * height * width];
    for (int y = 0; y < height; y++) {
      int from = 3 * ((top + y) * image.width() + left);
      System.arraycopy(image.pixels(), from, pixels, 3 * y * width, 3 * width);
    }
    return new RgbImage(height, width, pixels);
  }

  void requireFits(RgbImage image) {
    if (!fits(image)) {
      throw new IllegalArgumentException(
          "Cannot crop: expected a box inside %sx%s, got %s"
              .formatted(image.width(), image.height(), this));
    }
  }
}
