package simsiam.pipelines.source.listing;

import java.nio.file.Path;
import simsiam.model.data.ImageExample;

/**
 * A file of a source, on disk or inside an archive: of one image, or of many.
 *
 * @param name stable, relative to the source's root, with {@code /}: the id of an image
 * @param bytes its size
 * @param label class index of its image, or -1
 */
public record SourceFile(String name, long bytes, Location at, int label) {
  /** Bytes of a file beyond which it is taken for no image. */
  public static final long MAX_BYTES = 128L << 20;

  /** A file of which no class is known. */
  public SourceFile(String name, long bytes, Location at) {
    this(name, bytes, at, ImageExample.UNKNOWN_LABEL);
  }

  /** The same under a class. */
  public SourceFile labelled(int known) {
    return new SourceFile(name, bytes, at, known);
  }

  /** The same under another name. */
  public SourceFile named(String other) {
    return new SourceFile(other, bytes, at, label);
  }

  /** Where a file of its own lies; there is no such place for others. */
  public Path path() {
    return ((OnDisk) at).path();
  }

  /** Where the content lies. */
  public sealed interface Location {}

  /** A file of its own. */
  public record OnDisk(Path path) implements Location {}

  /**
   * A run of bytes of an archive, which can be read without what lies before it.
   *
   * @param offset of the content in the archive
   * @param packedBytes bytes it takes there
   * @param deflated whether it is compressed
   * @param crc32 of the content, or -1 where the archive has none
   */
  public record Packed(Path archive, long offset, long packedBytes, boolean deflated, long crc32)
      implements Location {}

  /**
   * An entry of a compressed tar archive, which must be read from its start.
   *
   * @param entry its name in the archive, as written
   * @param number of the entry, which rises from the start of the archive to its end
   */
  public record Streamed(Path archive, String entry, long number) implements Location {}

  /**
   * Nowhere: the image is named, but there is no file that could be read.
   *
   * @param reason one lower-case word, for counting
   * @param problem in the form {@code expected x, got y}
   */
  public record Missing(String reason, String problem) implements Location {}
}
