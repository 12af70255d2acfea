package simsiam.model.image.codec;

import java.util.Locale;
import simsiam.model.image.RgbImage;

/**
 * The logical screen of a GIF file and where its first frame lies in it; checks that the first
 * frame is all there. Further frames are not looked at.
 */
record GifFile(int height, int width, int top, int left, int frameHeight, int frameWidth) {
  private static final int SIGNATURE_BYTES = 6;
  private static final int EXTENSION = 0x21;
  private static final int FRAME = 0x2C;

  static GifFile read(byte[] bytes) throws ImageRejectedException {
    ByteCursor in = new ByteCursor(bytes, SIGNATURE_BYTES, "GIF");
    int width = in.u16LittleEndian();
    int height = in.u16LittleEndian();
    int flags = in.u8();
    in.skip(2);
    skipPalette(in, flags);
    int block = in.u8();
    for (; block == EXTENSION; block = in.u8()) {
      in.skip(1);
      skipData(in);
    }
    if (block != FRAME) {
      throw new ImageRejectedException(
          RejectReason.CORRUPT,
          String.format(
              Locale.ROOT,
              "expected a GIF frame, got block 0x%02x at byte %d",
              block,
              in.position() - 1));
    }
    int left = in.u16LittleEndian();
    int top = in.u16LittleEndian();
    int frameWidth = in.u16LittleEndian();
    int frameHeight = in.u16LittleEndian();
    skipPalette(in, in.u8());
    in.skip(1);
    skipData(in);
    return new GifFile(
        Math.max(height, top + frameHeight),
        Math.max(width, left + frameWidth),
        top,
        left,
        frameHeight,
        frameWidth);
  }

  private static void skipPalette(ByteCursor in, int flags) throws ImageRejectedException {
    if ((flags & 0x80) != 0) {
      in.skip(3L << ((flags & 7) + 1));
    }
  }

  private static void skipData(ByteCursor in) throws ImageRejectedException {
    for (int length = in.u8(); length > 0; length = in.u8()) {
      in.skip(length);
    }
  }

  /** The frame in its place on a white screen. */
  RgbImage onScreen(RgbImage frame) {
    return frame.within(height, width, top, left, RgbImage.WHITE);
  }
}
