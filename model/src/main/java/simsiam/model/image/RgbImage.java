package simsiam.model.image;

/**
 * A decoded image.
 *
 * @param pixels RGB, 8 bits a channel, row-major HWC: {@code height·width·3} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // pixels stay in place from decoder to batch
public record RgbImage(int height, int width, byte[] pixels) {
  public RgbImage {
    if (height < 1 || width < 1 || pixels.length != Math.multiplyExact(3 * height, width)) {
      throw new IllegalArgumentException(
          "Cannot make an image: expected %s bytes for %sx%s RGB, got %s"
              .formatted(3L * height * width, width, height, pixels.length));
    }
  }
}
