package simsiam.pipelines.source.folders;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import simsiam.pipelines.source.archive.ArchiveIndex;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;

/** Image files in folders: a directory, or an archive that stays packed. */
sealed interface ImageTree permits DirectoryTree, ArchiveTree {
  /** The name of the root as a folder. */
  String ROOT = "";

  /** The directory or archive. */
  Path path();

  /** Where a folder or file is, for messages. */
  String place(String name);

  boolean isFolder(String name);

  /** Names of the folders directly inside a folder that are not hidden, sorted. */
  List<String> subfolders(String folder);

  /**
   * What else is directly in a folder: hidden entries, and files, which get the reason given.
   *
   * @throws InvalidConfigException if one is a link that leads nowhere
   */
  List<SkippedFile> beside(String folder, String reason);

  /**
   * What lies below a folder.
   *
   * @param files that are not hidden, at any depth, sorted by name; some may be {@linkplain
   *     SourceFile.Missing missing}
   */
  record Below(List<SourceFile> files, List<SkippedFile> hidden) {}

  Below below(String folder);

  /** The content of a small text file, or empty where there is none. */
  Optional<byte[]> text(String name);

  /** A folder inside another; the folder itself where the name is empty. */
  static String child(String folder, String name) {
    return folder.isEmpty() || name.isEmpty() ? folder + name : folder + "/" + name;
  }

  /** The directory or archive at a path. */
  static ImageTree open(Path path) {
    if (Files.isDirectory(path)) {
      return new DirectoryTree(path);
    }
    if (Files.isRegularFile(path)) {
      return new ArchiveTree(ArchiveIndex.of(path));
    }
    throw SourceProblem.of("a folder or archive of images", path);
  }
}
