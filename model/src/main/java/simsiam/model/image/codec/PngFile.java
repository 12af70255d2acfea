package simsiam.model.image.codec;

import java.util.Locale;
import java.util.zip.CRC32;

/**
 * What the chunks of a PNG file say; checks that all are there up to the end chunk and that the
 * checksums of the ones that make the picture hold.
 */
record PngFile(int orientation) {
  private static final int SIGNATURE_BYTES = 8;

  static PngFile read(byte[] bytes) throws ImageRejectedException {
    ByteCursor in = new ByteCursor(bytes, SIGNATURE_BYTES, "PNG");
    int orientation = ExifOrientation.UPRIGHT;
    while (true) {
      long length = in.u32();
      int start = in.position();
      String type = in.ascii(4);
      int data = in.position();
      in.skip(length);
      long checksum = in.u32();
      if (Character.isUpperCase(type.charAt(0))) {
        check(bytes, start, data + (int) length, type, checksum);
      }
      if (type.equals("eXIf")) {
        orientation = ExifOrientation.read(bytes, data, (int) length);
      }
      if (type.equals("IEND")) {
        return new PngFile(orientation);
      }
    }
  }

  private static void check(byte[] bytes, int start, int end, String type, long expected)
      throws ImageRejectedException {
    CRC32 crc = new CRC32();
    crc.update(bytes, start, end - start);
    if (crc.getValue() != expected) {
      throw new ImageRejectedException(
          RejectReason.CORRUPT,
          String.format(
              Locale.ROOT,
              "expected checksum %08x of PNG chunk %s, got %08x",
              expected,
              type,
              crc.getValue()));
    }
  }
}
