package simsiam.pipelines.source.listing;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import simsiam.model.image.RgbImage;
import simsiam.pipelines.spool.SpooledList;
import simsiam.pipelines.spool.TextForm;

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
    /** How they are kept where there are many. */
    public static final SpooledList.Form<Unreadable> FORM = new UnreadableForm();

    private static final class UnreadableForm implements SpooledList.Form<Unreadable> {
      @Override
      public void write(Unreadable image, DataOutput out) throws IOException {
        TextForm.TEXT.write(image.id(), out);
        out.writeInt(image.label());
        TextForm.TEXT.write(image.reason(), out);
        TextForm.TEXT.write(image.message(), out);
      }

      @Override
      public Unreadable read(DataInput in) throws IOException {
        return new Unreadable(
            TextForm.TEXT.read(in), in.readInt(), TextForm.TEXT.read(in), TextForm.TEXT.read(in));
      }
    }

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
