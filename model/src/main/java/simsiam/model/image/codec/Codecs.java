package simsiam.model.image.codec;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The readers and writers in use, each by its class: what ImageIO finds by itself depends on the
 * class loader of the thread that asks first, which differs between pipeline runners, and the
 * result must not.
 */
final class Codecs {
  static {
    // Files are in memory already: no cache on disk.
    ImageIO.setUseCache(false);
    // Takes the JDK's reader as the one it works through.
    register(new JPEGImageReaderSpi());
  }

  private Codecs() {}

  private static void register(ImageReaderSpi provider) {
    IIORegistry registry = IIORegistry.getDefaultInstance();
    if (registry.getServiceProviderByClass(provider.getClass()) == null) {
      registry.registerServiceProvider(provider, ImageReaderSpi.class);
    }
  }

  /** A reader of JPEG that mends headers which the JDK's refuses. */
  static ImageReader lenientJpegReader() throws IOException {
    return IIORegistry.getDefaultInstance()
        .getServiceProviderByClass(JPEGImageReaderSpi.class)
        .createReaderInstance();
  }

  /**
   * A reader of the JDK.
   *
   * @param format {@code jpeg}, {@code png}, {@code gif} or {@code bmp}
   */
  static ImageReader reader(String format) {
    return ofJdk(ImageIO.getImageReadersByFormatName(format), format);
  }

  /**
   * A writer of the JDK.
   *
   * @param format {@code jpeg} or {@code png}
   */
  static ImageWriter writer(String format) {
    return ofJdk(ImageIO.getImageWritersByFormatName(format), format);
  }

  private static <T> T ofJdk(Iterator<T> codecs, String format) {
    while (codecs.hasNext()) {
      T codec = codecs.next();
      if (codec.getClass().getModule() == ImageIO.class.getModule()) {
        return codec;
      }
    }
    throw new IllegalStateException(
        "Cannot code images: expected the JDK's own codec for %s, got none".formatted(format));
  }
}
