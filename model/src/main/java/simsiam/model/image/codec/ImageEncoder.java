package simsiam.model.image.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import simsiam.model.image.RgbImage;

/** From RGB to the bytes of an image file. */
public final class ImageEncoder {
  /** JPEG quality, of 100. */
  public static final int JPEG_QUALITY = 95;

  private ImageEncoder() {}

  /** Baseline JPEG of quality {@value #JPEG_QUALITY}, chroma halved both ways. */
  public static byte[] jpeg(RgbImage image) {
    return write(image, "jpeg");
  }

  public static byte[] png(RgbImage image) {
    return write(image, "png");
  }

  private static byte[] write(RgbImage image, String format) {
    ImageWriter writer = Codecs.writer(format);
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    if (format.equals("jpeg")) {
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(JPEG_QUALITY / 100f);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(PixelView.of(image), null, null), parameters);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot encode image: expected " + format + " bytes", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
