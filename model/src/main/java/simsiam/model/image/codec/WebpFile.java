package simsiam.model.image.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import simsiam.model.image.RgbImage;

/**
 * What the RIFF chunks of a WebP file say; checks that all the bytes it declares are there, that
 * they can be enough, and that frames are as large as the canvas, or the place in an animation,
 * that they are for. Of an animation the first frame counts.
 *
 * @param height of the picture
 * @param width of the picture
 * @param first where the first frame of an animation is; empty for a still picture
 */
record WebpFile(int orientation, int height, int width, Optional<Frame> first) {
  private static final int TAG_BYTES = 4;
  private static final int FRAME_HEAD_BYTES = 16;
  private static final Set<String> PIXELS = Set.of("VP8 ", "VP8L");
  private static final int ANIMATED = 2;
  private static final int ALPHA = 16;
  private static final int SIDE_MASK = (1 << 14) - 1;
  private static final int EXTENDED_BYTES = 10;

  /** Width and height in pixels. */
  private record Size(int width, int height) {}

  /**
   * A frame of an animation.
   *
   * @param top rows of the canvas above it
   * @param left columns of the canvas beside it
   * @param from byte of the file where its chunks begin
   * @param to byte behind them
   * @param ground value of the canvas around it: nothing, laid over white, where the file has alpha
   */
  record Frame(int top, int left, int height, int width, int from, int to, byte ground) {}

  /** Collects what the chunks say, in their order. */
  private static final class Chunks {
    private Optional<Size> canvas = Optional.empty();
    private Optional<Size> place = Optional.empty();
    private Optional<Frame> first = Optional.empty();
    private Optional<Size> pixels = Optional.empty();
    private boolean animated;
    private boolean alpha;

    void canvas(ByteCursor in) throws ImageRejectedException {
      int flags = in.u8();
      animated = (flags & ANIMATED) != 0;
      alpha = (flags & ALPHA) != 0;
      in.skip(3);
      canvas = Optional.of(new Size(1 + in.u24LittleEndian(), 1 + in.u24LittleEndian()));
      place = animated ? Optional.empty() : canvas;
    }

    void frame(ByteCursor in, int data, long length) throws ImageRejectedException {
      int left = 2 * in.u24LittleEndian();
      int top = 2 * in.u24LittleEndian();
      Size size = new Size(1 + in.u24LittleEndian(), 1 + in.u24LittleEndian());
      place = Optional.of(size);
      if (first.isEmpty()) {
        int from = data + FRAME_HEAD_BYTES;
        int to = (int) Math.max(from, data + length);
        byte ground = alpha ? RgbImage.WHITE : RgbImage.BLACK;
        first = Optional.of(new Frame(top, left, size.height(), size.width(), from, to, ground));
        requireInside(first.get());
      }
    }

    private void requireInside(Frame frame) throws ImageRejectedException {
      Size all = canvas.orElse(new Size(0, 0));
      if (frame.left() + frame.width() > all.width()
          || frame.top() + frame.height() > all.height()) {
        throw new ImageRejectedException(
            RejectReason.CORRUPT,
            "expected a WebP frame inside the canvas of %sx%s, got %sx%s at %s, %s"
                .formatted(
                    all.width(),
                    all.height(),
                    frame.width(),
                    frame.height(),
                    frame.left(),
                    frame.top()));
      }
    }

    void pixels(Size size) throws ImageRejectedException {
      if (place.isPresent() && !place.get().equals(size)) {
        throw new ImageRejectedException(
            RejectReason.CORRUPT,
            "expected a WebP frame of %sx%s, as the file says, got %sx%s"
                .formatted(place.get().width(), place.get().height(), size.width(), size.height()));
      }
      pixels = pixels.or(() -> Optional.of(size));
    }

    WebpFile file(int orientation) throws ImageRejectedException {
      if (pixels.isEmpty()) {
        throw new ImageRejectedException(
            RejectReason.CORRUPT, "expected a chunk VP8 or VP8L of WebP, got none");
      }
      Size size = animated ? canvas.orElseThrow() : pixels.get();
      return new WebpFile(
          orientation, size.height(), size.width(), animated ? first : Optional.empty());
    }
  }

  static WebpFile read(byte[] bytes) throws ImageRejectedException {
    ByteCursor in = new ByteCursor(bytes, TAG_BYTES, "WebP");
    long size = in.u32LittleEndian();
    in.require(size);
    long end = in.position() + size;
    in.skip(TAG_BYTES);
    Chunks chunks = new Chunks();
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
      ByteCursor content = new ByteCursor(bytes, data, "WebP");
      long taken = Math.min(length + (length & 1), end - data);
      switch (type) {
        case "VP8X" -> chunks.canvas(content);
        case "ANMF" -> {
          chunks.frame(content, data, Math.min(length, end - data));
          taken = Math.min(FRAME_HEAD_BYTES, end - data); // its chunks follow
        }
        case "VP8 " -> chunks.pixels(lossy(content, length));
        case "VP8L" -> chunks.pixels(lossless(content));
        default -> {}
      }
      in.skip(taken);
      if (type.equals("EXIF")) {
        orientation = ExifOrientation.read(bytes, data, in.position() - data);
      }
    }
    return chunks.file(orientation);
  }

  private static Size lossy(ByteCursor in, long length) throws ImageRejectedException {
    in.skip(3 + 3);
    Size size = new Size(in.u16LittleEndian() & SIDE_MASK, in.u16LittleEndian() & SIDE_MASK);
    requireEnough(size, length);
    return size;
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

  /** A still picture as a file: the file itself, or the first frame of an animation alone. */
  byte[] firstFrame(byte[] bytes) {
    if (first.isEmpty()) {
      return bytes;
    }
    Frame frame = first.get();
    int chunks = frame.to() - frame.from();
    int size = TAG_BYTES + 2 * TAG_BYTES + EXTENDED_BYTES + chunks;
    ByteBuffer file = ByteBuffer.allocate(2 * TAG_BYTES + size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(size).put(ascii("WEBP"));
    file.put(ascii("VP8X")).putInt(EXTENDED_BYTES).putInt(ALPHA);
    putSide(file, frame.width());
    putSide(file, frame.height());
    return file.put(bytes, frame.from(), chunks).array();
  }

  private static void putSide(ByteBuffer file, int side) {
    file.putShort((short) (side - 1)).put((byte) ((side - 1) >> Short.SIZE));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The decoded frame in its place on the canvas. */
  RgbImage onCanvas(RgbImage frame) {
    return first
        .map(at -> frame.within(height, width, at.top(), at.left(), at.ground()))
        .orElse(frame);
  }
}
