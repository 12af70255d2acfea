package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.listing.SourceProblem;

/** A gzipped tar archive of data files. */
public final class Archive {
  private Archive() {}

  /** Checks that the file starts as gzip does; cheap. */
  public static void check(Path archive) {
    try (InputStream in = Files.newInputStream(archive)) {
      int first = in.read();
      int second = in.read();
      if (first != 0x1F || second != 0x8B) {
        throw SourceProblem.of("a .tar.gz archive", archive);
      }
    } catch (IOException e) {
      throw SourceProblem.of("a .tar.gz archive that can be read", e);
    }
  }

  /** Unpacks the named files, whatever folder of the archive they are in, into one folder. */
  public static void unpack(HeldFile archive, Path folder, List<String> names) {
    Set<String> missing;
    try {
      Files.createDirectories(folder);
      missing = archive.read(path -> unpack(path, folder, new TreeSet<>(names)));
    } catch (IOException e) {
      throw SourceProblem.of(
          "a whole .tar.gz archive", "%s (%s)".formatted(e.getMessage(), archive.path()));
    }
    if (!missing.isEmpty()) {
      throw SourceProblem.of(
          "an archive with %s".formatted(String.join(", ", missing)),
          "none (" + archive.path() + ")");
    }
  }

  /** Unpacks those that are there; returns the others. */
  private static Set<String> unpack(Path archive, Path folder, Set<String> missing)
      throws IOException {
    try (InputStream content = new GZIPInputStream(Files.newInputStream(archive), 1 << 16);
        TarArchiveInputStream tar = new TarArchiveInputStream(content)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        if (TarEntries.Kind.of(entry) == TarEntries.Kind.FILE && missing.remove(name)) {
          Unpacking.copy(tar, folder.resolve(name));
        }
      }
      // The checksum comes after all of the content.
      content.transferTo(OutputStream.nullOutputStream());
    }
    return missing;
  }
}
