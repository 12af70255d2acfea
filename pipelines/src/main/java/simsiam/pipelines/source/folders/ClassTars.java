package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.source.archive.ArchiveFormat;
import simsiam.pipelines.source.archive.ArchiveIndex;
import simsiam.pipelines.source.archive.ArchiveListing;
import simsiam.pipelines.source.archive.LastIndex;
import simsiam.pipelines.source.archive.TarEntries;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;

/** Lists a tar archive of one tar archive a class, as ImageNet's training images come. */
final class ClassTars {
  private static final Pattern CLASS_TAR = Pattern.compile("(?:\\./)?(n\\d{8})\\.tar");

  private static final LastIndex LAST = new LastIndex(ClassTars::read);

  private ClassTars() {}

  /** Its images as {@code train/WNID/*}; where each lies is known, so that none is unpacked. */
  static ArchiveIndex index(Path archive) {
    return LAST.of(archive);
  }

  private static ArchiveIndex read(Path archive) {
    if (ArchiveFormat.of(archive) != ArchiveFormat.TAR) {
      throw SourceProblem.of("a plain tar archive of tar archives", archive);
    }
    ArchiveListing listing = new ArchiveListing(archive);
    try (TarEntries outer = new TarEntries(ArchiveFormat.TAR.tar(archive))) {
      for (TarArchiveEntry entry = outer.next(); entry != null; entry = outer.next()) {
        Matcher name = CLASS_TAR.matcher(entry.getName());
        if (!name.matches()) {
          throw SourceProblem.of(
              "an archive of archives such as n01440764.tar",
              "%s (%s)".formatted(entry.getName(), archive));
        }
        listClass(archive, outer, name.group(1), listing);
      }
    } catch (InvalidConfigException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw ArchiveIndex.damaged(archive, ArchiveFormat.TAR, e);
    }
    return listing.index();
  }

  // Not closed: the archive around it goes on.
  @SuppressWarnings("resource")
  private static void listClass(Path archive, TarEntries outer, String wnid, ArchiveListing listing)
      throws IOException {
    long start = outer.offset();
    TarEntries inner = new TarEntries(outer.content());
    for (TarArchiveEntry image = inner.next(); image != null; image = inner.next()) {
      if (TarEntries.Kind.of(image) != TarEntries.Kind.FILE) {
        throw SourceProblem.of(
            "files alone in %s.tar".formatted(wnid), "%s (%s)".formatted(image.getName(), archive));
      }
      listing.file(
          "train/" + wnid + "/" + image.getName(),
          image.getSize(),
          new SourceFile.Packed(archive, start + inner.offset(), image.getSize(), false, -1));
    }
  }
}
