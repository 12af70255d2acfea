package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import simsiam.pipelines.source.listing.SourceFile;

/** Lists a tar archive, compressed or not, and reads a compressed one from its start. */
public final class TarStream {
  private TarStream() {}

  /** Takes the content of a file, or how large it is. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes one file.
     *
     * @param position of the file in the list asked for
     * @param content null where it is too large
     * @param tooLarge null where it is not
     */
    void visit(int position, byte[] content, String tooLarge) throws IOException;
  }

  static void list(Path archive, ArchiveFormat format, ArchiveListing listing) throws IOException {
    try (TarEntries tar = new TarEntries(format.tar(archive))) {
      for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
        TarEntries.Kind kind = TarEntries.Kind.of(entry);
        switch (kind) {
          case FOLDER -> listing.folder(entry.getName());
          case FILE ->
              listing.file(entry.getName(), entry.getSize(), location(archive, format, tar, entry));
          default -> listing.other(entry.getName(), kind.words);
        }
      }
    }
  }

  private static SourceFile.Location location(
      Path archive, ArchiveFormat format, TarEntries tar, TarArchiveEntry entry) {
    return format.streamed()
        ? new SourceFile.Streamed(archive, entry.getName())
        : new SourceFile.Packed(archive, tar.offset(), entry.getSize(), false, -1);
  }

  /**
   * Reads files in the order of the archive.
   *
   * @throws IOException if the archive is damaged or lacks one of them
   */
  public static void read(Path archive, List<SourceFile> files, Visitor visitor)
      throws IOException {
    Map<String, Integer> wanted = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      wanted.put(((SourceFile.Streamed) files.get(i).at()).entry(), i);
    }
    try (TarEntries tar = new TarEntries(ArchiveFormat.of(archive).tar(archive))) {
      for (TarArchiveEntry entry = tar.next();
          entry != null && !wanted.isEmpty();
          entry = tar.next()) {
        boolean file = TarEntries.Kind.of(entry) == TarEntries.Kind.FILE;
        Integer position = file ? wanted.remove(entry.getName()) : null;
        if (position == null) {
          continue;
        }
        if (entry.getSize() > SourceFile.MAX_BYTES) {
          visitor.visit(position, null, tooLarge(entry.getSize()));
        } else {
          visitor.visit(position, tar.bytes(entry), null);
        }
      }
    }
    if (!wanted.isEmpty()) {
      throw new IOException(
          "Cannot read archive: expected entry %s, got none (%s)"
              .formatted(wanted.keySet().iterator().next(), archive));
    }
  }

  public static String tooLarge(long bytes) {
    return "expected at most %s bytes, got %s".formatted(SourceFile.MAX_BYTES, bytes);
  }
}
