package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.NavigableSet;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Reason;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;

/**
 * What an archive holds. A zip archive is listed from its directory, a plain tar archive from its
 * headers, a compressed one by reading it through.
 *
 * @param files by name
 * @param folders all of them, at any depth
 * @param hidden files and folders that are left out, with what is in them; folders end with {@code
 *     /}
 */
public record ArchiveIndex(
    Path archive,
    NavigableMap<String, SourceFile> files,
    NavigableSet<String> folders,
    NavigableSet<String> hidden) {
  private static final LastIndex LAST = new LastIndex(ArchiveIndex::read);

  /**
   * The index of an archive.
   *
   * @throws InvalidConfigException if it is damaged, cut, or has names that lead out of it
   */
  public static ArchiveIndex of(Path archive) {
    return LAST.of(archive);
  }

  public static ArchiveIndex read(Path archive) {
    ArchiveFormat format = ArchiveFormat.of(archive);
    ArchiveListing listing = new ArchiveListing(archive);
    try {
      if (format == ArchiveFormat.ZIP) {
        ZipDirectory.list(archive, listing);
      } else {
        TarStream.list(archive, format, listing);
      }
    } catch (InvalidConfigException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Readers of archives throw anything from NegativeArraySize to IllegalArgument.
      throw damaged(archive, format, e);
    }
    return listing.index();
  }

  public static InvalidConfigException damaged(Path archive, ArchiveFormat format, Exception e) {
    return SourceProblem.of(
        "a whole archive (%s)".formatted(format.name().toLowerCase(Locale.ROOT)),
        "%s (%s)".formatted(Reason.of(e), archive));
  }
}
