package simsiam.model.image.codec;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import simsiam.model.image.RgbImage;

/**
 * From the samples of a decoded picture to RGB: 16 bits are cut to the upper 8, grey is repeated,
 * alpha is laid over white. Reads samples as they are, since the colour conversion of AWT would
 * apply profiles and, for grey, another gamma.
 */
final class RasterPixels {
  private static final int WHITE = 255;

  private RasterPixels() {}

  static RgbImage toRgb(BufferedImage picture) throws ImageRejectedException {
    Raster raster = picture.getRaster();
    byte[] pixels = new byte[Math.multiplyExact(3 * raster.getHeight(), raster.getWidth())];
    if (picture.getColorModel() instanceof IndexColorModel palette) {
      fromPalette(raster, palette, pixels);
    } else if (isByteTriples(raster)) {
      copyTriples(raster, pixels);
    } else {
      fromSamples(raster, picture.isAlphaPremultiplied(), pixels);
    }
    return new RgbImage(raster.getHeight(), raster.getWidth(), pixels);
  }

  private static boolean isByteTriples(Raster raster) {
    return raster.getSampleModel() instanceof PixelInterleavedSampleModel model
        && model.getNumBands() == 3
        && model.getPixelStride() == 3
        && model.getScanlineStride() == 3 * raster.getWidth()
        && raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getData().length == 3 * raster.getWidth() * raster.getHeight();
  }

  private static void copyTriples(Raster raster, byte[] pixels) {
    int[] bands = ((PixelInterleavedSampleModel) raster.getSampleModel()).getBandOffsets();
    byte[] from = ((DataBufferByte) raster.getDataBuffer()).getData();
    int red = bands[0];
    int green = bands[1];
    int blue = bands[2];
    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = from[i + red];
      pixels[i + 1] = from[i + green];
      pixels[i + 2] = from[i + blue];
    }
  }

  private static void fromPalette(Raster raster, IndexColorModel palette, byte[] pixels) {
    int width = raster.getWidth();
    int[] row = new int[width];
    for (int y = 0, to = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++, to += 3) {
        int color = palette.getRGB(row[x]);
        int alpha = color >>> 24;
        pixels[to] = overWhite((color >> 16) & 0xFF, alpha);
        pixels[to + 1] = overWhite((color >> 8) & 0xFF, alpha);
        pixels[to + 2] = overWhite(color & 0xFF, alpha);
      }
    }
  }

  /** Grey, grey with alpha, RGB or RGB with alpha, of 8 or 16 bits. */
  private static void fromSamples(Raster raster, boolean premultiplied, byte[] pixels)
      throws ImageRejectedException {
    int bands = raster.getNumBands();
    int shift = shift(raster, premultiplied);
    int width = raster.getWidth();
    boolean alphaLast = bands == 2 || bands == 4;
    int green = bands >= 3 ? 1 : 0;
    int blue = bands >= 3 ? 2 : 0;
    int[] row = new int[width * bands];
    for (int y = 0, to = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int from = 0; from < row.length; from += bands, to += 3) {
        int alpha = alphaLast ? row[from + bands - 1] >> shift : WHITE;
        pixels[to] = overWhite(row[from] >> shift, alpha);
        pixels[to + 1] = overWhite(row[from + green] >> shift, alpha);
        pixels[to + 2] = overWhite(row[from + blue] >> shift, alpha);
      }
    }
  }

  private static int shift(Raster raster, boolean premultiplied) throws ImageRejectedException {
    int bits = raster.getSampleModel().getSampleSize(0);
    boolean whole = raster.getTransferType() != DataBuffer.TYPE_FLOAT;
    if (premultiplied || !whole || (bits != 8 && bits != 16) || raster.getNumBands() > 4) {
      throw new ImageRejectedException(
          RejectReason.UNSUPPORTED_FORMAT,
          "expected 1 to 4 samples of 8 or 16 bits a pixel, got %s of %s"
              .formatted(raster.getNumBands(), bits));
    }
    return bits - 8;
  }

  static byte overWhite(int value, int alpha) {
    return (byte) ((value * alpha + WHITE * (255 - alpha) + 127) / 255);
  }
}
