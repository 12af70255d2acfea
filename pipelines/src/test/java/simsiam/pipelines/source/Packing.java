package simsiam.pipelines.source;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/** Packs folders of files into archives. */
public final class Packing {
  private Packing() {}

  /** Packs what is in a folder, below a prefix, in the form that the archive's name says. */
  public static Path pack(Path archive, Path folder, String prefix) {
    try {
      return archive.toString().endsWith(".zip")
          ? zip(archive, folder, prefix)
          : tar(archive, folder, prefix);
    } catch (IOException | CompressorException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path zip(Path archive, Path folder, String prefix) throws IOException {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      boolean stored = true;
      for (Path file : files(folder)) {
        ZipArchiveEntry entry = new ZipArchiveEntry(prefix + name(folder, file));
        byte[] content = Files.readAllBytes(file);
        // Both methods in one archive: stored entries need their checksum beforehand.
        entry.setMethod(stored ? ZipArchiveEntry.STORED : ZipArchiveEntry.DEFLATED);
        if (stored) {
          entry.setSize(content.length);
          CRC32 crc = new CRC32();
          crc.update(content);
          entry.setCrc(crc.getValue());
        }
        stored = !stored;
        zip.putArchiveEntry(entry);
        zip.write(content);
        zip.closeArchiveEntry();
      }
    }
    return archive;
  }

  private static Path tar(Path archive, Path folder, String prefix)
      throws IOException, CompressorException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(compressed(archive), "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      if (!prefix.isEmpty()) {
        tar.putArchiveEntry(new TarArchiveEntry(prefix));
        tar.closeArchiveEntry();
      }
      for (Path file : files(folder)) {
        byte[] content = Files.readAllBytes(file);
        TarArchiveEntry entry = new TarArchiveEntry(prefix + name(folder, file));
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }

  private static OutputStream compressed(Path archive) throws IOException, CompressorException {
    OutputStream file = Files.newOutputStream(archive);
    String name = archive.toString();
    CompressorStreamFactory factory = new CompressorStreamFactory();
    if (name.endsWith(".gz")) {
      return factory.createCompressorOutputStream(CompressorStreamFactory.GZIP, file);
    }
    if (name.endsWith(".bz2")) {
      return factory.createCompressorOutputStream(CompressorStreamFactory.BZIP2, file);
    }
    if (name.endsWith(".xz")) {
      return factory.createCompressorOutputStream(CompressorStreamFactory.XZ, file);
    }
    if (name.endsWith(".zst")) {
      return factory.createCompressorOutputStream(CompressorStreamFactory.ZSTANDARD, file);
    }
    return file;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString();
  }
}
