package simsiam.model.image.codec;

import static org.bytedeco.leptonica.global.leptonica.L_SEVERITY_NONE;
import static org.bytedeco.leptonica.global.leptonica.pixDestroy;
import static org.bytedeco.leptonica.global.leptonica.pixGetData;
import static org.bytedeco.leptonica.global.leptonica.pixGetHeight;
import static org.bytedeco.leptonica.global.leptonica.pixGetSpp;
import static org.bytedeco.leptonica.global.leptonica.pixGetWidth;
import static org.bytedeco.leptonica.global.leptonica.pixReadMemWebP;
import static org.bytedeco.leptonica.global.leptonica.setMsgSeverity;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.leptonica.PIX;
import simsiam.model.image.RgbImage;

/**
 * libwebp, the reference decoder, in Leptonica's natives: what is written in Java repeats the
 * chroma of lossy files where libwebp interpolates, and filters before it predicts. Native code is
 * loaded when the first WebP file comes. Stateless: safe for use by several threads.
 */
final class LibWebp {
  private static final int RGBA = 4;

  private LibWebp() {}

  /**
   * Decodes a still picture; alpha is laid over white.
   *
   * @param file a whole WebP file whose size in pixels was checked
   * @throws ImageRejectedException if libwebp refuses it
   * @throws UnsatisfiedLinkError if the natives cannot be loaded, which says nothing of the file
   */
  static RgbImage decode(byte[] file) throws ImageRejectedException {
    try {
      setMsgSeverity(L_SEVERITY_NONE);
    } catch (LinkageError e) {
      UnsatisfiedLinkError error =
          new UnsatisfiedLinkError(
              ("Cannot decode WebP: expected the libwebp that comes with this program, got natives"
                      + " that do not load: %s")
                  .formatted(e));
      error.initCause(e);
      throw error;
    }
    try (BytePointer bytes = new BytePointer(file);
        PIX picture = pixReadMemWebP(bytes, file.length)) {
      if (picture == null) {
        throw new ImageRejectedException(
            RejectReason.CORRUPT, "expected data of WebP, got what libwebp refuses");
      }
      try {
        return rgb(picture);
      } finally {
        pixDestroy(picture);
      }
    }
  }

  /** Leptonica keeps a pixel in a word, red in its uppermost byte and alpha in its lowest. */
  private static RgbImage rgb(PIX picture) {
    int height = pixGetHeight(picture);
    int width = pixGetWidth(picture);
    boolean alpha = pixGetSpp(picture) == RGBA;
    byte[] pixels = new byte[Math.multiplyExact(3 * height, width)];
    int[] row = new int[width];
    IntPointer words = pixGetData(picture);
    for (int y = 0, to = 0; y < height; y++) {
      words.position((long) y * width).get(row);
      for (int word : row) {
        int over = alpha ? word & 0xFF : 255;
        pixels[to++] = RasterPixels.overWhite(word >>> 24, over);
        pixels[to++] = RasterPixels.overWhite((word >> 16) & 0xFF, over);
        pixels[to++] = RasterPixels.overWhite((word >> 8) & 0xFF, over);
      }
    }
    return new RgbImage(height, width, pixels);
  }
}
