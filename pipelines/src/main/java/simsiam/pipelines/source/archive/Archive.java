package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.listing.SourceProblem;

/** A gzipped tar archive of data files. */
public final class Archive {
  private Archive() {}

  /** Checks that the file starts as gzip does; cheap. */
  public static void check(Path archive) {
    if (!ArchiveFormat.detect(archive).equals(Optional.of(ArchiveFormat.TAR_GZ))) {
      throw SourceProblem.of("a .tar.gz archive", archive);
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
    try (TarEntries tar = new TarEntries(ArchiveFormat.TAR_GZ.tar(archive))) {
      for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        if (TarEntries.Kind.of(entry) == TarEntries.Kind.FILE && missing.remove(name)) {
          Unpacking.copy(tar.content(), folder.resolve(name));
        }
      }
    }
    return missing;
  }
}
