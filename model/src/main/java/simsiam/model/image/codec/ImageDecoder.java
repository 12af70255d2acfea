package simsiam.model.image.codec;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.config.Reason;
import simsiam.model.image.RgbImage;

/**
 * From the bytes of an image file to 3×8-bit RGB, upright, or a reason why not. The format is told
 * from the content, never from the name. JPEG (grey, YCbCr, RGB, CMYK, YCCK), PNG (all kinds), and
 * the first frame of GIF, WebP and BMP. EXIF orientation is applied; alpha is laid over white; 16
 * bits are cut to the upper 8; colour profiles are ignored, as Pillow's {@code convert("RGB")}
 * does. A file that lacks a part is rejected rather than half-decoded. Stateless: safe for use by
 * several threads.
 */
public final class ImageDecoder {
  /** Pixels beyond which a header is taken for a decompression bomb. */
  public static final long DEFAULT_MAX_PIXELS = 100_000_000;

  private static final Logger log = LoggerFactory.getLogger(ImageDecoder.class);

  private final long maxPixels;

  public ImageDecoder() {
    this(DEFAULT_MAX_PIXELS);
  }

  /**
   * @param maxPixels height times width above which a file is rejected before it is decoded
   */
  public ImageDecoder(long maxPixels) {
    this.maxPixels = maxPixels;
  }

  /**
   * Decodes one file.
   *
   * @param name of the file, for the message of a rejection alone
   */
  public RgbImage decode(byte[] bytes, String name) throws ImageRejectedException {
    try {
      return decode(bytes);
    } catch (ImageRejectedException e) {
      throw new ImageRejectedException(
          e.reason(), "Cannot decode image: %s (%s)".formatted(e.getMessage(), name), e.getCause());
    } catch (EOFException e) {
      throw rejected(RejectReason.TRUNCATED, e, name);
    } catch (IOException | RuntimeException e) {
      // Readers throw anything from NegativeArraySize to IllegalArgument on malformed data.
      throw rejected(RejectReason.CORRUPT, e, name);
    }
  }

  private static ImageRejectedException rejected(RejectReason reason, Exception e, String name) {
    return new ImageRejectedException(
        reason,
        "Cannot decode image: expected readable data, got %s (%s)".formatted(Reason.of(e), name),
        e);
  }

  private RgbImage decode(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      throw new ImageRejectedException(RejectReason.EMPTY, "expected image data, got 0 bytes");
    }
    ImageFormat format =
        ImageFormat.of(bytes)
            .orElseThrow(
                () ->
                    new ImageRejectedException(
                        RejectReason.UNSUPPORTED_FORMAT,
                        "expected JPEG, PNG, GIF, WebP or BMP, got bytes that start "
                            + start(bytes)));
    return switch (format) {
      case JPEG -> jpeg(bytes);
      case PNG -> {
        int orientation = PngFile.read(bytes).orientation();
        yield ExifOrientation.apply(picture(bytes, "png"), orientation);
      }
      case WEBP -> {
        WebpFile file = WebpFile.read(bytes);
        limit(file.height(), file.width());
        yield ExifOrientation.apply(
            file.onCanvas(LibWebp.decode(file.firstFrame(bytes))), file.orientation());
      }
      case GIF -> {
        GifFile file = GifFile.read(bytes);
        limit(file.height(), file.width());
        yield file.onScreen(picture(bytes, "gif"));
      }
      case BMP -> {
        BmpFile file = BmpFile.read(bytes);
        limit(file.height(), file.width());
        yield picture(bytes, "bmp");
      }
    };
  }

  private static String start(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(4, bytes.length); i++) {
      hex.append(String.format(Locale.ROOT, "%02x", bytes[i]));
    }
    return hex.toString();
  }

  private void limit(long height, long width) throws ImageRejectedException {
    if (height * width > maxPixels) {
      throw new ImageRejectedException(
          RejectReason.TOO_LARGE,
          "expected at most %s pixels, got %sx%s".formatted(maxPixels, width, height));
    }
  }

  private RgbImage jpeg(byte[] bytes) throws IOException {
    JpegFile file = JpegFile.read(bytes);
    limit(file.height(), file.width());
    Optional<RgbImage> converted = converted(bytes, file);
    RgbImage image =
        converted.isPresent()
            ? converted.get()
            : new RgbImage(file.height(), file.width(), rgb(samples(bytes, file), file));
    return ExifOrientation.apply(image, file.orientation());
  }

  /**
   * Where no decoder could take the colours for others, RGB from the native library, which converts
   * them by the formulas of {@link JpegColor}, in less time.
   */
  private static Optional<RgbImage> converted(byte[] bytes, JpegFile file) throws IOException {
    if (file.components() != 3 || !file.ycc() || !file.marked() || file.profile()) {
      return Optional.empty();
    }
    try {
      byte[] pixels = new byte[Math.multiplyExact(3 * file.height(), file.width())];
      RgbImage image = new RgbImage(file.height(), file.width(), pixels);
      read(
          bytes,
          Codecs.reader("jpeg"),
          reader -> {
            ImageReadParam into = reader.getDefaultReadParam();
            into.setDestination(PixelView.of(image));
            return reader.read(0, into);
          });
      return Optional.of(image);
    } catch (ImageRejectedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      log.debug("Reading a JPEG without conversion after {}", e.toString());
      return Optional.empty();
    }
  }

  private static byte[] samples(byte[] bytes, JpegFile file) throws IOException {
    Raster raster = raster(bytes, file);
    byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
    long expected = (long) raster.getNumBands() * file.height() * file.width();
    if (samples.length != expected) {
      throw new ImageRejectedException(
          RejectReason.CORRUPT, "expected %s samples, got %s".formatted(expected, samples.length));
    }
    return samples;
  }

  /**
   * The samples as they are coded. The JDK's own reader is quicker for what it knows; the other,
   * which works through it, mends headers that the JDK refuses.
   */
  private static Raster raster(byte[] bytes, JpegFile file) throws IOException {
    if (file.components() <= 3) {
      try {
        return read(bytes, Codecs.reader("jpeg"), reader -> reader.readRaster(0, null));
      } catch (ImageRejectedException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        log.debug("Reading a JPEG by the lenient reader after {}", e.toString());
      }
    }
    return read(bytes, Codecs.lenientJpegReader(), reader -> reader.readRaster(0, null));
  }

  private static byte[] rgb(byte[] samples, JpegFile file) throws ImageRejectedException {
    return switch (file.components()) {
      case 1 -> JpegColor.greyToRgb(samples);
      case 3 -> {
        if (file.ycc()) {
          JpegColor.yccToRgb(samples, 3);
        }
        yield samples;
      }
      case 4 -> JpegColor.cmykToRgb(samples, file.ycc());
      default ->
          throw new ImageRejectedException(
              RejectReason.UNSUPPORTED_FORMAT,
              "expected JPEG of 1, 3 or 4 components, got " + file.components());
    };
  }

  private RgbImage picture(byte[] bytes, String format) throws IOException {
    BufferedImage picture =
        read(
            bytes,
            Codecs.reader(format),
            reader -> {
              limit(reader.getHeight(0), reader.getWidth(0));
              return reader.read(0);
            });
    return RasterPixels.toRgb(picture);
  }

  private interface Reading<T> {
    T apply(ImageReader reader) throws IOException;
  }

  private static <T> T read(byte[] bytes, ImageReader reader, Reading<T> reading)
      throws IOException {
    DamageWarnings warnings = new DamageWarnings();
    try (ByteArrayImageInput in = new ByteArrayImageInput(bytes)) {
      reader.addIIOReadWarningListener(warnings);
      reader.setInput(in, true, true);
      T result = reading.apply(reader);
      warnings.check();
      return result;
    } finally {
      reader.dispose();
    }
  }
}
