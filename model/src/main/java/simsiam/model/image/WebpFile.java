package simsiam.model.image;

import java.util.Optional;
import java.util.Set;

/**
 * What the RIFF chunks of a WebP file say; checks that all the bytes it declares are there, that
 * they can be enough, and that frames are as large as the canvas, or the place in an animation,
 * that they are for: the decoder goes by the latter and makes up what the frame lacks.
 *
 * @param lossyHeight of the largest frame that is coded as VP8; 0 if there is none
 * @param lossyWidth of that frame
 */
record WebpFile(int orientation, int lossyHeight, int lossyWidth) {
  private static final int TAG_BYTES = 4;
  private static final int FRAME_HEAD_BYTES = 16;
  private static final Set<String> PIXELS = Set.of("VP8 ", "VP8L");
  private static final int ANIMATED = 2;
  private static final int SIDE_MASK = (1 << 14) - 1;

  /** Width and height in pixels. */
  private record Size(int width, int height) {
    long pixels() {
      return (long) width * height;
    }
  }

  static WebpFile read(byte[] bytes) throws ImageRejectedException {
    ByteCursor in = new ByteCursor(bytes, TAG_BYTES, "WebP");
    long size = in.u32LittleEndian();
    in.require(size);
    long end = in.position() + size;
    in.skip(TAG_BYTES);
    Optional<Size> place = Optional.empty();
    boolean framed = false;
    Size largest = new Size(0, 0);
    int orientation = ExifOrientation.UPRIGHT;
    while (in.position() + 2 * TAG_BYTES <= end) {
      String type = in.ascii(TAG_BYTES);
      long length = in.u32LittleEndian();
      int data = in.position();
      if (PIXELS.contains(type) && length > end - data) {
        throw new ImageRejectedException(
            RejectReason.TRUNCATED,
            "expected %s bytes of WebP chunk %s, got %s"
                .formatted(length, type.strip(), end - data));
      }
      framed |= PIXELS.contains(type);
      ByteCursor content = new ByteCursor(bytes, data, "WebP");
      long taken = Math.min(length + (length & 1), end - data);
      switch (type) {
        case "VP8X" -> place = canvas(content);
        case "ANMF" -> {
          place = Optional.of(frame(content));
          taken = Math.min(FRAME_HEAD_BYTES, end - data); // its chunks follow
        }
        case "VP8 " -> {
          Size frame = lossy(content);
          requireFits(frame, place);
          requireEnough(frame, length);
          largest = frame.pixels() > largest.pixels() ? frame : largest;
        }
        case "VP8L" -> requireFits(lossless(content), place);
        default -> {}
      }
      in.skip(taken);
      if (type.equals("EXIF")) {
        orientation = ExifOrientation.read(bytes, data, in.position() - data);
      }
    }
    if (!framed) {
      throw new ImageRejectedException(
          RejectReason.CORRUPT, "expected a chunk VP8 or VP8L of WebP, got none");
    }
    return new WebpFile(orientation, largest.height(), largest.width());
  }

  /** Empty for an animation, whose frames have places of their own. */
  private static Optional<Size> canvas(ByteCursor in) throws ImageRejectedException {
    int flags = in.u8();
    in.skip(3);
    Size size = new Size(1 + in.u24LittleEndian(), 1 + in.u24LittleEndian());
    return (flags & ANIMATED) == 0 ? Optional.of(size) : Optional.empty();
  }

  private static Size frame(ByteCursor in) throws ImageRejectedException {
    in.skip(2 * 3);
    return new Size(1 + in.u24LittleEndian(), 1 + in.u24LittleEndian());
  }

  private static Size lossy(ByteCursor in) throws ImageRejectedException {
    in.skip(3 + 3);
    return new Size(in.u16LittleEndian() & SIDE_MASK, in.u16LittleEndian() & SIDE_MASK);
  }

  private static Size lossless(ByteCursor in) throws ImageRejectedException {
    in.skip(1);
    long sides = in.u32LittleEndian();
    return new Size(1 + (int) (sides & SIDE_MASK), 1 + (int) ((sides >> 14) & SIDE_MASK));
  }

  /** VP8 says of each 16×16 block at least how it is predicted, which takes more than a bit. */
  private static void requireEnough(Size frame, long bytes) throws ImageRejectedException {
    long blocks = (long) ((frame.width() + 15) / 16) * ((frame.height() + 15) / 16);
    if (bytes < blocks / Byte.SIZE) {
      throw new ImageRejectedException(
          RejectReason.TRUNCATED,
          "expected at least %s bytes of WebP for %sx%s pixels, got %s"
              .formatted(blocks / Byte.SIZE, frame.width(), frame.height(), bytes));
    }
  }

  private static void requireFits(Size frame, Optional<Size> place) throws ImageRejectedException {
    if (place.isPresent() && !place.get().equals(frame)) {
      throw new ImageRejectedException(
          RejectReason.CORRUPT,
          "expected a WebP frame of %sx%s, as the file says, got %sx%s"
              .formatted(place.get().width(), place.get().height(), frame.width(), frame.height()));
    }
  }
}
