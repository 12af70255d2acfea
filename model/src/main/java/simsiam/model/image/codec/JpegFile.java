package simsiam.model.image.codec;

import java.util.Locale;

/**
 * What the markers of a JPEG file say, read without decoding: size, components, colour coding,
 * orientation; and that the file goes on to its end marker, which decoders do not insist on.
 *
 * @param ycc whether three components are YCbCr, or the first three of four
 * @param profile whether a colour profile is embedded
 * @param marked whether a marker says that it is YCbCr, so that every decoder agrees
 */
record JpegFile(
    int height,
    int width,
    int components,
    boolean ycc,
    boolean profile,
    boolean marked,
    int orientation) {

  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;
  private static final int TAIL_BYTES = 16;

  static JpegFile read(byte[] bytes) throws ImageRejectedException {
    return new Scan(bytes).run();
  }

  /** Walks the markers of one file. */
  private static final class Scan {
    private final byte[] bytes;
    private final ByteCursor in;
    private int height;
    private int width;
    private int[] ids = {};
    private boolean jfif;
    private boolean profile;
    private int adobe = -1;
    private int orientation = ExifOrientation.UPRIGHT;

    Scan(byte[] bytes) {
      this.bytes = bytes;
      this.in = new ByteCursor(bytes, 2, "JPEG");
    }

    JpegFile run() throws ImageRejectedException {
      for (int marker = nextMarker(); marker != EOI; marker = nextMarker()) {
        boolean alone = (marker >= 0xD0 && marker <= 0xD8) || marker == 0x01;
        if (!alone) {
          segment(marker);
        }
      }
      if (ids.length == 0) {
        throw new ImageRejectedException(
            RejectReason.CORRUPT, "expected a JPEG frame, got an end marker before any");
      }
      boolean marked = adobe == 1 || (jfif && adobe == -1);
      return new JpegFile(height, width, ids.length, ycc(), profile, marked, orientation);
    }

    /** Also passes over entropy-coded data, where 0xFF is followed by 0. */
    private int nextMarker() throws ImageRejectedException {
      int value = 0;
      while (value == 0) {
        in.skipPast(0xFF);
        value = in.u8();
        while (value == 0xFF) {
          value = in.u8();
        }
      }
      return value;
    }

    private void segment(int marker) throws ImageRejectedException {
      int length = in.u16() - 2;
      if (length < 0) {
        throw new ImageRejectedException(
            RejectReason.CORRUPT,
            "expected a JPEG segment of at least 2 bytes, got %s at byte %s"
                .formatted(length + 2, in.position()));
      }
      int start = in.position();
      checkEndsInside(length);
      in.skip(length);
      switch (marker) {
        case APP0 -> jfif |= startsWith(start, length, "JFIF");
        case APP1 -> exif(start, length);
        case APP2 -> profile |= startsWith(start, length, "ICC_PROFILE");
        case APP14 -> adobe(start, length);
        case SOS -> {}
        default -> {
          if (marker >= 0xC0 && marker <= 0xCF && ((marker & 3) != 0 || marker == 0xC0)) {
            frame(marker, new ByteCursor(bytes, start, "JPEG frame"));
          }
        }
      }
    }

    /**
     * A length that runs past the end of a file is a broken one where the end marker is still
     * there, as after a transfer in text mode; else the file was cut.
     */
    private void checkEndsInside(int length) throws ImageRejectedException {
      int last = bytes.length - 1;
      if (in.position() + length <= last) {
        return;
      }
      for (int i = last; i > in.position() && i > last - TAIL_BYTES; i--) {
        if ((bytes[i - 1] & 0xFF) == 0xFF && (bytes[i] & 0xFF) == EOI) {
          throw new ImageRejectedException(
              RejectReason.CORRUPT,
              "expected a JPEG segment before the end marker, got one of %s bytes at byte %s of %s"
                  .formatted(length, in.position(), bytes.length));
        }
      }
    }

    private boolean startsWith(int start, int length, String name) {
      if (length <= name.length()) {
        return false;
      }
      for (int i = 0; i < name.length(); i++) {
        if (bytes[start + i] != name.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    private void exif(int start, int length) {
      if (length > 6 && startsWith(start, length, "Exif\0")) {
        orientation = ExifOrientation.read(bytes, start + 6, length - 6);
      }
    }

    private void adobe(int start, int length) {
      if (length >= 12 && startsWith(start, length, "Adobe")) {
        adobe = bytes[start + 11] & 0xFF;
      }
    }

    private void frame(int marker, ByteCursor frame) throws ImageRejectedException {
      if (marker > 0xC2) {
        throw new ImageRejectedException(
            RejectReason.UNSUPPORTED_FORMAT,
            String.format(
                Locale.ROOT,
                "expected baseline, extended or progressive JPEG, got coding process 0x%X",
                marker));
      }
      int precision = frame.u8();
      if (precision != 8) {
        throw new ImageRejectedException(
            RejectReason.UNSUPPORTED_FORMAT, "expected 8-bit JPEG, got " + precision + " bits");
      }
      height = frame.u16();
      width = frame.u16();
      ids = new int[frame.u8()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = frame.u8();
        frame.skip(2);
      }
    }

    /** The rules of libjpeg's {@code default_decompress_parms}. */
    private boolean ycc() {
      if (ids.length == 4) {
        return adobe == 2;
      }
      if (ids.length != 3) {
        return false;
      }
      if (jfif || adobe == 1) {
        return true;
      }
      boolean named = ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B';
      return adobe != 0 && !named;
    }
  }
}
