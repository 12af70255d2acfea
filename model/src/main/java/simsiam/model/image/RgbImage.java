package simsiam.model.image;

import java.util.Arrays;

/**
 * A decoded image.
 *
 * @param pixels RGB, 8 bits a channel, row-major HWC: {@code height·width·3} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // pixels stay in place from decoder to batch
public record RgbImage(int height, int width, byte[] pixels) {
  public static final byte BLACK = 0;
  public static final byte WHITE = (byte) 255;

  public RgbImage {
    if (height < 1 || width < 1 || pixels.length != 3L * height * width) {
      throw new IllegalArgumentException(
          "Cannot make an image: expected %s bytes for %sx%s RGB, got %s"
              .formatted(3L * height * width, width, height, pixels.length));
    }
  }

  /**
   * This image inside a larger one.
   *
   * @param top rows above it
   * @param left columns beside it
   * @param ground value of the samples around it
   */
  public RgbImage within(int outerHeight, int outerWidth, int top, int left, byte ground) {
    if (outerHeight == height && outerWidth == width) {
      return this;
    }
    byte[] outer = new byte[Math.multiplyExact(Math.multiplyExact(3, outerHeight), outerWidth)];
    Arrays.fill(outer, ground);
    for (int y = 0; y < height; y++) {
      int to = 3 * ((top + y) * outerWidth + left);
      System.arraycopy(pixels, 3 * y * width, outer, to, 3 * width);
    }
    return new RgbImage(outerHeight, outerWidth, outer);
  }
}
