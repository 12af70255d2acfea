package simsiam.pipelines.preprocess;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Locale;
import simsiam.model.config.Reason;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.prepared.PreparedExample;
import simsiam.model.file.Sha256;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageDecoder;
import simsiam.model.image.codec.ImageEncoder;
import simsiam.model.image.codec.ImageRejectedException;
import simsiam.model.image.codec.RejectReason;
import simsiam.model.image.resize.Resampler;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.source.listing.SourceImage;

/**
 * From one image of a source to an example, or to the reason why not. What passes here can be cut,
 * resized and encoded by every later stage, at any size these ask for. For one thread.
 */
final class ImagePreparation {
  /** Longer over shorter side above which an image is rejected. */
  static final int MOST_STRETCHED = 1_000;

  /** What libjpeg writes. */
  private static final int JPEG_MOST_SIDE = 65_500;

  private final PreprocessSpec spec;
  private final WatchedSteps steps;
  private final Decoding decoding;
  private final Resampler resampler = new Resampler();
  private final MessageDigest digest = Sha256.digest();

  /** How bytes become an image. */
  @FunctionalInterface
  interface Decoding {
    RgbImage decode(byte[] bytes, String name) throws ImageRejectedException;
  }

  /**
   * @param steps of which each image that is to be decoded is one
   */
  ImagePreparation(PreprocessSpec spec, WatchedSteps steps) {
    this(spec, steps, new ImageDecoder()::decode);
  }

  ImagePreparation(PreprocessSpec spec, WatchedSteps steps, Decoding decoding) {
    this.spec = spec;
    this.steps = steps;
    this.decoding = decoding;
  }

  /** What became of an image. */
  sealed interface Outcome {
    record Prepared(PreparedExample example) implements Outcome {}

    record Rejected(Reject reject) implements Outcome {}
  }

  /**
   * Prepares one image, which is one step.
   *
   * @param origin where it came from, for the reject's line
   */
  Outcome prepare(SourceImage image, String origin) {
    return steps.run(image.id(), () -> outcome(image, origin)).orElseGet(() -> late(image, origin));
  }

  private Outcome outcome(SourceImage image, String origin) {
    if (image instanceof SourceImage.Pixels pixels) {
      return prepared(image, pixels.image(), new byte[0], origin);
    }
    if (image instanceof SourceImage.Encoded encoded) {
      return decoded(encoded, origin);
    }
    SourceImage.Unreadable unreadable = (SourceImage.Unreadable) image;
    return new Outcome.Rejected(
        new Reject(unreadable.id(), origin, unreadable.reason(), unreadable.message(), 0, ""));
  }

  /** An overflow of the stack and the like say something of the file; no memory does not. */
  private Outcome decoded(SourceImage.Encoded file, String origin) {
    RgbImage image;
    try {
      image = decoding.decode(file.bytes(), file.id());
    } catch (ImageRejectedException e) {
      return rejected(file, origin, e.reason(), e.getMessage());
    } catch (StackOverflowError | InternalError | AssertionError e) {
      String message =
          "Cannot decode image: expected readable data, got a decoder that fails with %s (%s)"
              .formatted(Reason.of(e), file.id());
      return rejected(file, origin, RejectReason.CORRUPT, message);
    }
    return prepared(file, image, file.bytes(), origin);
  }

  private Outcome late(SourceImage image, String origin) {
    String message =
        "Cannot decode image: expected pixels within %s ms, got none (%s)"
            .formatted(steps.deadline().toMillis(), image.id());
    return rejected(image, origin, RejectReason.TIMED_OUT, message);
  }

  private Outcome rejected(SourceImage image, String origin, RejectReason reason, String message) {
    byte[] bytes = image instanceof SourceImage.Encoded encoded ? encoded.bytes() : new byte[0];
    return new Outcome.Rejected(
        new Reject(
            image.id(),
            origin,
            reason.name().toLowerCase(Locale.ROOT),
            message,
            bytes.length,
            Sha256.hex(digest.digest(bytes))));
  }

  private Outcome prepared(SourceImage source, RgbImage decoded, byte[] original, String origin) {
    long longer = Math.max(decoded.height(), decoded.width());
    if (longer > (long) MOST_STRETCHED * Math.min(decoded.height(), decoded.width())) {
      return refused(
          source,
          origin,
          RejectReason.TOO_NARROW,
          "a longer side of at most %s times the shorter".formatted(MOST_STRETCHED),
          decoded.height(),
          decoded.width());
    }
    RgbImage fitting = resized(decoded);
    int height = Math.max(fitting.height(), spec.padTo());
    int width = Math.max(fitting.width(), spec.padTo());
    if ((long) height * width > ImageDecoder.DEFAULT_MAX_PIXELS) {
      return refused(
          source,
          origin,
          RejectReason.TOO_LARGE,
          "at most %s pixels after preprocess.pad_to".formatted(ImageDecoder.DEFAULT_MAX_PIXELS),
          height,
          width);
    }
    if (spec.encoding() == ImageEncoding.JPEG && Math.max(height, width) > JPEG_MOST_SIDE) {
      return refused(
          source,
          origin,
          RejectReason.TOO_LARGE,
          "sides of at most %s for preprocess.encoding jpeg".formatted(JPEG_MOST_SIDE),
          height,
          width);
    }
    return new Outcome.Prepared(example(source, padded(fitting, height, width), original));
  }

  private Outcome refused(
      SourceImage image,
      String origin,
      RejectReason reason,
      String expected,
      int height,
      int width) {
    String message =
        "Cannot use image: expected %s, got %sx%s (%s)"
            .formatted(expected, width, height, image.id());
    return rejected(image, origin, reason, message);
  }

  private PreparedExample example(SourceImage source, RgbImage image, byte[] original) {
    digest.update(
        ByteBuffer.allocate(2 * Integer.BYTES).putInt(image.height()).putInt(image.width()).flip());
    byte[] pixelDigest = digest.digest(image.pixels());
    ImageExample example =
        new ImageExample(
            source.id(), source.label(), image.height(), image.width(), stored(image, original));
    return new PreparedExample(example, pixelDigest, ChannelSums.of(image.pixels()));
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
  private static RgbImage padded(RgbImage image, int height, int width) {
    int top = (height - image.height()) / 2;
    int left = (width - image.width()) / 2;
    return image.within(height, width, top, left, RgbImage.BLACK);
  }
}
