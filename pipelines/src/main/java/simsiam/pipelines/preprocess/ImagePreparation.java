package simsiam.pipelines.preprocess;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Locale;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.ImageExample;
import simsiam.model.data.PreparedExample;
import simsiam.model.data.Sha256;
import simsiam.model.image.GuardedDecoder;
import simsiam.model.image.ImageEncoder;
import simsiam.model.image.ImageRejectedException;
import simsiam.model.image.Resampler;
import simsiam.model.image.RgbImage;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.source.SourceImage;

/** From one image of a source to an example, or to the reason why not. For one thread. */
final class ImagePreparation implements AutoCloseable {
  private final PreprocessSpec spec;
  private final GuardedDecoder decoder = new GuardedDecoder();
  private final Resampler resampler = new Resampler();
  private final MessageDigest digest = Sha256.digest();

  ImagePreparation(PreprocessSpec spec) {
    this.spec = spec;
  }

  /** What became of an image. */
  sealed interface Outcome {
    record Prepared(PreparedExample example) implements Outcome {}

    record Rejected(Reject reject) implements Outcome {}
  }

  /**
   * Prepares one image.
   *
   * @param origin where it came from, for the reject's line
   */
  Outcome prepare(SourceImage image, String origin) {
    if (image instanceof SourceImage.Pixels pixels) {
      return prepared(image, pixels.image(), new byte[0]);
    }
    if (image instanceof SourceImage.Encoded encoded) {
      try {
        RgbImage decoded = decoder.decode(encoded.bytes(), encoded.id());
        return prepared(image, decoded, encoded.bytes());
      } catch (ImageRejectedException e) {
        return new Outcome.Rejected(
            new Reject(
                encoded.id(),
                origin,
                e.reason().name().toLowerCase(Locale.ROOT),
                e.getMessage(),
                encoded.bytes().length,
                Sha256.hex(digest.digest(encoded.bytes()))));
      }
    }
    SourceImage.Unreadable unreadable = (SourceImage.Unreadable) image;
    return new Outcome.Rejected(
        new Reject(unreadable.id(), origin, unreadable.reason(), unreadable.message(), 0, ""));
  }

  private Outcome prepared(SourceImage source, RgbImage decoded, byte[] original) {
    RgbImage image = padded(resized(decoded));
    digest.update(
        ByteBuffer.allocate(2 * Integer.BYTES).putInt(image.height()).putInt(image.width()).flip());
    byte[] pixelDigest = digest.digest(image.pixels());
    ImageExample example =
        new ImageExample(
            source.id(), source.label(), image.height(), image.width(), stored(image, original));
    return new Outcome.Prepared(
        new PreparedExample(example, pixelDigest, ChannelSums.of(image.pixels())));
  }

  private byte[] stored(RgbImage image, byte[] original) {
    return switch (spec.encoding()) {
      case RAW -> image.pixels();
      case JPEG -> ImageEncoder.jpeg(image);
      case PNG -> ImageEncoder.png(image);
      case ORIGINAL -> original;
    };
  }

  /** Brings the shorter side of a larger image to size; the longer one follows, cut to whole. */
  private RgbImage resized(RgbImage image) {
    int size = spec.resizeShorterSide();
    int shorter = Math.min(image.height(), image.width());
    if (size == 0 || shorter <= size) {
      return image;
    }
    int height = (int) ((long) size * image.height() / shorter);
    int width = (int) ((long) size * image.width() / shorter);
    return resampler.resize(image, height, width);
  }

  /** Centres an image on black where a side is too short; an odd pixel goes right or below. */
  private RgbImage padded(RgbImage image) {
    int height = Math.max(image.height(), spec.padTo());
    int width = Math.max(image.width(), spec.padTo());
    if (height == image.height() && width == image.width()) {
      return image;
    }
    int top = (height - image.height()) / 2;
    int left = (width - image.width()) / 2;
    byte[] pixels = new byte[3 * height * width];
    for (int y = 0; y < image.height(); y++) {
      System.arraycopy(
          image.pixels(),
          3 * y * image.width(),
          pixels,
          3 * ((top + y) * width + left),
          3 * image.width());
    }
    return new RgbImage(height, width, pixels);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
