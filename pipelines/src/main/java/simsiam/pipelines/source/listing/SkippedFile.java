package simsiam.pipelines.source.listing;

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

  public static SkippedFile hidden(String name) {
    return new SkippedFile(name, HIDDEN);
  }
}
