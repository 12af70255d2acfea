package simsiam.model.image.codec;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import simsiam.model.image.RgbImage;

/** As much of a damaged image as its decoder gives, for people to look at; never for training. */
public final class ImagePreview {
  private static final long MOST_PIXELS = 16_000_000;

  private ImagePreview() {}

  /** The decoded part on black; empty where not even the size can be told, or it is too large. */
  public static Optional<RgbImage> of(byte[] bytes) {
    Optional<ImageFormat> format = ImageFormat.of(bytes);
    return format.flatMap(
        known ->
            switch (known) {
              case JPEG -> part(bytes, Codecs::lenientJpegReader);
              case PNG -> part(bytes, () -> Codecs.reader("png"));
              case GIF -> part(bytes, () -> Codecs.reader("gif"));
              case BMP -> part(bytes, () -> Codecs.reader("bmp"));
              case WEBP -> whole(bytes);
            });
  }

  private interface Codec {
    ImageReader open() throws IOException;
  }

  /** Of what the decoder gives whole or not at all. */
  private static Optional<RgbImage> whole(byte[] bytes) {
    try {
      return Optional.of(new ImageDecoder(MOST_PIXELS).decode(bytes, "preview"));
    } catch (ImageRejectedException e) {
      return Optional.empty();
    }
  }

  private static Optional<RgbImage> part(byte[] bytes, Codec codec) {
    BufferedImage picture = null;
    try (ByteArrayImageInput in = new ByteArrayImageInput(bytes)) {
      ImageReader reader = codec.open();
      try {
        reader.setInput(in, true, true);
        if ((long) reader.getHeight(0) * reader.getWidth(0) > MOST_PIXELS) {
          return Optional.empty();
        }
        picture =
            reader
                .getImageTypes(0)
                .next()
                .createBufferedImage(reader.getWidth(0), reader.getHeight(0));
        ImageReadParam into = reader.getDefaultReadParam();
        into.setDestination(picture);
        reader.read(0, into);
      } finally {
        reader.dispose();
      }
      return Optional.of(RasterPixels.toRgb(picture));
    } catch (IOException | RuntimeException e) {
      // The image is known to be broken: what came before the damage is what there is to see.
      return picture == null ? Optional.empty() : partial(picture);
    }
  }

  private static Optional<RgbImage> partial(BufferedImage picture) {
    try {
      return Optional.of(RasterPixels.toRgb(picture));
    } catch (ImageRejectedException e) {
      return Optional.empty();
    }
  }
}
