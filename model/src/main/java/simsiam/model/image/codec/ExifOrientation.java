package simsiam.model.image.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import simsiam.model.image.RgbImage;

/**
 * The orientation tag of an EXIF block (TIFF structure, tag 0x0112), and the turn that undoes it.
 */
final class ExifOrientation {
  /** Rows from the top, columns from the left: nothing to do. */
  static final int UPRIGHT = 1;

  private static final int TAG = 0x0112;
  private static final int TYPE_SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private ExifOrientation() {}

  /**
   * Orientation 1..8 of the TIFF structure at {@code [offset, offset+length)}; upright where the
   * tag is missing or the block is malformed, since EXIF is advice and the pixels are whole without
   * it.
   */
  static int read(byte[] bytes, int offset, int length) {
    ByteBuffer tiff = ByteBuffer.wrap(bytes, offset, length).slice();
    if (length < 8) {
      return UPRIGHT;
    }
    int mark = tiff.getShort(0);
    if (mark == 0x4949) {
      tiff.order(ByteOrder.LITTLE_ENDIAN);
    } else if (mark != 0x4D4D) {
      return UPRIGHT;
    }
    long directory = tiff.getInt(4) & 0xFFFFFFFFL;
    if (directory + 2 > length) {
      return UPRIGHT;
    }
    return find(tiff, (int) directory);
  }

  private static int find(ByteBuffer tiff, int directory) {
    int count = tiff.getShort(directory) & 0xFFFF;
    for (int i = 0; i < count; i++) {
      int entry = directory + 2 + i * ENTRY_BYTES;
      if (entry + ENTRY_BYTES > tiff.limit()) {
        return UPRIGHT;
      }
      if ((tiff.getShort(entry) & 0xFFFF) == TAG && tiff.getShort(entry + 2) == TYPE_SHORT) {
        int value = tiff.getShort(entry + 8) & 0xFFFF;
        return value >= 1 && value <= 8 ? value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  /** The image as it is meant to be seen; orientations 5..8 swap height and width. */
  static RgbImage apply(RgbImage image, int orientation) {
    if (orientation == UPRIGHT) {
      return image;
    }
    boolean transposed = orientation >= 5;
    int height = transposed ? image.width() : image.height();
    int width = transposed ? image.height() : image.width();
    byte[] from = image.pixels();
    byte[] to = new byte[from.length];
    int target = 0;
    for (int y = 0; y < height; y++) {
      int source = source(image, orientation, y, 0);
      int step = width > 1 ? source(image, orientation, y, 1) - source : 0;
      for (int x = 0; x < width; x++, source += step, target += 3) {
        to[target] = from[source];
        to[target + 1] = from[source + 1];
        to[target + 2] = from[source + 2];
      }
    }
    return new RgbImage(height, width, to);
  }

  /** Where pixel (y, x) of the upright image lies in the stored one. */
  private static int source(RgbImage stored, int orientation, int y, int x) {
    int bottom = stored.height() - 1;
    int right = stored.width() - 1;
    int row =
        switch (orientation) {
          case 2 -> y;
          case 3, 4 -> bottom - y;
          case 5, 6 -> orientation == 5 ? x : bottom - x;
          case 7 -> bottom - x;
          default -> x;
        };
    int column =
        switch (orientation) {
          case 2, 3 -> right - x;
          case 4 -> x;
          case 5, 6 -> y;
          default -> right - y;
        };
    return 3 * (row * stored.width() + column);
  }
}
