package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;

/** Lists a zip archive (ZIP64 too) from its directory; nothing is unpacked. */
final class ZipDirectory {
  private ZipDirectory() {}

  static void list(Path archive, ArchiveListing listing) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(archive)) {
      CentralDirectory.read(channel, zip -> list(archive, zip, listing));
    }
  }

  private static void list(Path archive, ZipFile zip, ArchiveListing listing) throws IOException {
    Enumeration<ZipArchiveEntry> entries = zip.getEntries();
    while (entries.hasMoreElements()) {
      ZipArchiveEntry entry = entries.nextElement();
      // The type of a file of Unix, 0 where the archive comes from elsewhere.
      int type = entry.getUnixMode() & UnixStat.FILE_TYPE_FLAG;
      switch (type) {
        case 0, UnixStat.FILE_FLAG, UnixStat.DIR_FLAG -> {
          if (entry.isDirectory()) {
            listing.folder(entry.getName());
          } else {
            listing.file(entry.getName(), entry.getSize(), location(archive, zip, entry));
          }
        }
        case UnixStat.LINK_FLAG -> listing.other(entry.getName(), "link");
        default -> listing.other(entry.getName(), "device or FIFO");
      }
    }
  }

  private static SourceFile.Packed location(Path archive, ZipFile zip, ZipArchiveEntry entry)
      throws IOException {
    boolean stored = entry.getMethod() == ZipEntry.STORED;
    if (entry.getGeneralPurposeBit().usesEncryption()
        || (!stored && entry.getMethod() != ZipEntry.DEFLATED)) {
      throw SourceProblem.of(
          "entries that are stored or deflated, not encrypted",
          "%s (%s)".formatted(entry.getName(), archive));
    }
    // Finds where the content starts, which the directory does not say.
    zip.getRawInputStream(entry).close();
    long offset = entry.getDataOffset();
    if (offset < 0
        || entry.getSize() < 0
        || entry.getCompressedSize() < 0
        || (stored && entry.getSize() != entry.getCompressedSize())) {
      throw new IOException("no sound directory entry for " + entry.getName());
    }
    return new SourceFile.Packed(
        archive, offset, entry.getCompressedSize(), !stored, entry.getCrc());
  }
}
