package simsiam.pipelines.source.listing;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import simsiam.pipelines.spool.SpooledList;
import simsiam.pipelines.spool.TextForm;

/**
 * A file or folder in a source that is not taken for an image, or for images.
 *
 * @param name relative to the source's root; a folder's ends with {@code /}
 * @param reason one lower-case word, for counting: {@link #HIDDEN}, {@link #NO_CLASS}, {@link
 *     #NOT_USED}
 */
public record SkippedFile(String name, String reason) {
  /** Its name begins with a dot, or is that of what macOS adds to archives. */
  public static final String HIDDEN = "hidden";

  /** It lies beside class folders, not in one. */
  public static final String NO_CLASS = "no_class";

  /** It is a split, or something else, that this kind of source does not read. */
  public static final String NOT_USED = "not_used";

  /** How they are kept where there are many. */
  public static final SpooledList.Form<SkippedFile> FORM =
      new SpooledList.Form<>() {
        @Override
        public void write(SkippedFile file, DataOutput out) throws IOException {
          TextForm.TEXT.write(file.name(), out);
          TextForm.TEXT.write(file.reason(), out);
        }

        @Override
        public SkippedFile read(DataInput in) throws IOException {
          return new SkippedFile(TextForm.TEXT.read(in), TextForm.TEXT.read(in));
        }
      };

  public static SkippedFile hidden(String name) {
    return new SkippedFile(name, HIDDEN);
  }
}
