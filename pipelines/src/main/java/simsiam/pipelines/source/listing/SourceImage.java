package simsiam.pipelines.source.listing;

import java.io.Serializable;
import simsiam.model.image.RgbImage;

/** One image as its source holds it. */
public sealed interface SourceImage {
  /** Stable name. */
  String id();

  /** Class index, or -1 where unknown. */
  int label();

  /**
   * An image that its source stores as plain pixels.
   *
   * @param image RGB
   */
  record Pixels(String id, int label, RgbImage image) implements SourceImage {}

  /**
   * An image file, not decoded yet.
   *
   * @param bytes the file's content
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes are carried, not compared
  record Encoded(String id, int label, byte[] bytes) implements SourceImage {}

  /**
   * An image that could not be read at all.
   *
   * @param reason lower-case word for the count of rejects
   * @param message what went wrong
   */
  record Unreadable(String id, int label, String reason, String message)
      implements SourceImage, Serializable {
    /** A file that cannot be had, for a reason of the form {@code expected x, got y}. */
    public static Unreadable of(String id, int label, String problem) {
      return of(id, label, "unreadable", problem);
    }

    /** A file of more bytes than an image is taken to have. */
    public static Unreadable tooLarge(String id, int label, String problem) {
      return of(id, label, "too_large", problem);
    }

    private static Unreadable of(String id, int label, String reason, String problem) {
      return new Unreadable(id, label, reason, "Cannot read image: %s (%s)".formatted(problem, id));
    }
  }
}
