package simsiam.model.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Raw pixels as a shard stores them: a binary portable pixmap (PPM, P6), which is a line that tells
 * the size and then the RGB bytes. So image libraries read them, and the pixels are not coded.
 */
final class Pixmap {
  private Pixmap() {}

  /** The file of an image. */
  static byte[] of(int height, int width, byte[] pixels) {
    byte[] header = header(height, width);
    byte[] file = Arrays.copyOf(header, header.length + pixels.length);
    System.arraycopy(pixels, 0, file, header.length, pixels.length);
    return file;
  }

  /**
   * What comes after the header of an image of that size.
   *
   * @throws IllegalStateException if the file does not begin with that header
   */
  static byte[] pixels(ByteBuffer file, int height, int width) {
    byte[] header = header(height, width);
    int start = file.position() + header.length;
    if (start > file.limit()
        || !file.slice(file.position(), header.length).equals(ByteBuffer.wrap(header))) {
      throw new IllegalStateException(
          "Cannot read image: expected a pixmap of %sx%s, got other bytes"
              .formatted(width, height));
    }
    byte[] pixels = new byte[file.limit() - start];
    file.get(start, pixels);
    return pixels;
  }

  private static byte[] header(int height, int width) {
    return ("P6 " + width + " " + height + " 255\n").getBytes(StandardCharsets.US_ASCII);
  }
}
