package simsiam.model.image;

/** A part of an image, in whole pixels. */
public record CropBox(int top, int left, int height, int width) {
  public static CropBox whole(RgbImage image) {
    return new CropBox(0, 0, image.height(), image.width());
  }

  /** Whether the box holds a pixel and none outside the image. */
  public boolean fits(RgbImage image) {
    return top >= 0
        && left >= 0
        && height >= 1
        && width >= 1
        && height <= image.height() - top
        && width <= image.width() - left;
  }
}
