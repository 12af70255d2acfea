package simsiam.model.image.codec;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import simsiam.model.image.RgbImage;

/** An image as AWT's codecs read and write it. */
final class PixelView {
  private static final ComponentColorModel RGB =
      new ComponentColorModel(
          ColorSpace.getInstance(ColorSpace.CS_sRGB),
          false,
          false,
          ComponentColorModel.OPAQUE,
          DataBuffer.TYPE_BYTE);

  private PixelView() {}

  /** A view of the image's own bytes, not a copy. */
  static BufferedImage of(RgbImage image) {
    int width = image.width();
    DataBufferByte buffer = new DataBufferByte(image.pixels(), image.pixels().length);
    WritableRaster raster =
        Raster.createInterleavedRaster(
            buffer, width, image.height(), 3 * width, 3, new int[] {0, 1, 2}, null);
    return new BufferedImage(RGB, raster, false, null);
  }
}
