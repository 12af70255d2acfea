package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Function;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import simsiam.pipelines.source.listing.SourceFile;

/** Lists a tar archive, compressed or not, and reads a compressed one from its start. */
public final class TarStream {
  private TarStream() {}

  /** Takes the content of a file, or how large it is. */
  @FunctionalInterface
  public interface Visitor<T> {
    /**
     * Takes one file.
     *
     * @param file as it was asked for
     * @param content null where it is too large
     * @param tooLarge null where it is not
     */
    void visit(T file, byte[] content, String tooLarge) throws IOException;
  }

  static void list(Path archive, ArchiveFormat format, ArchiveListing listing) throws IOException {
    try (TarEntries tar = new TarEntries(format.tar(archive))) {
      long number = 0;
      for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next(), number++) {
        TarEntries.Kind kind = TarEntries.Kind.of(entry);
        switch (kind) {
          case FOLDER -> listing.folder(entry.getName());
          case FILE ->
              listing.file(
                  entry.getName(),
                  entry.getSize(),
                  format.streamed()
                      ? new SourceFile.Streamed(archive, entry.getName(), number)
                      : new SourceFile.Packed(archive, tar.offset(), entry.getSize(), false, -1));
          default -> listing.other(entry.getName(), kind.words);
        }
      }
    }
  }

  /**
   * Reads files.
   *
   * @param files in the order of the archive
   * @param name of a file's entry, as written in the archive
   * @throws IOException if the archive is damaged or lacks one of them
   */
  public static <T> void read(
      Path archive, Iterator<T> files, Function<T, String> name, Visitor<T> visitor)
      throws IOException {
    T wanted = next(files);
    try (TarEntries tar = new TarEntries(ArchiveFormat.of(archive).tar(archive))) {
      TarArchiveEntry entry = tar.next();
      while (entry != null && wanted != null) {
        if (TarEntries.Kind.of(entry) == TarEntries.Kind.FILE
            && entry.getName().equals(name.apply(wanted))) {
          if (entry.getSize() > SourceFile.MAX_BYTES) {
            visitor.visit(wanted, null, tooLarge(entry.getSize()));
          } else {
            visitor.visit(wanted, tar.bytes(entry), null);
          }
          wanted = next(files);
        }
        entry = tar.next();
      }
    }
    if (wanted != null) {
      throw new IOException(
          "Cannot read archive: expected entry %s, got none (%s)"
              .formatted(name.apply(wanted), archive));
    }
  }

  private static <T> T next(Iterator<T> files) {
    return files.hasNext() ? files.next() : null;
  }

  public static String tooLarge(long bytes) {
    return "expected at most %s bytes, got %s".formatted(SourceFile.MAX_BYTES, bytes);
  }
}
