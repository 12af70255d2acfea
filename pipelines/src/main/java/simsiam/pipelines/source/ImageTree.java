package simsiam.pipelines.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Image files in folders: a directory, or an archive that stays packed. Hidden entries are not. */
sealed interface ImageTree permits DirectoryTree, ArchiveTree {
  /** The name of the root as a folder. */
  String ROOT = "";

  /** Where a folder or file is, for messages. */
  String place(String name);

  boolean isFolder(String name);

  /** Names of the folders directly inside a folder, sorted. */
  List<String> subfolders(String folder);

  /** Files at any depth below a folder, sorted by name. */
  List<ImageFile> filesBelow(String folder);

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
