package simsiam.pipelines.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import simsiam.model.config.Reason;

/** A directory of image files. */
record DirectoryTree(Path root) implements ImageTree {
  @Override
  public String place(String name) {
    return root.resolve(name).toString();
  }

  @Override
  public boolean isFolder(String name) {
    return Files.isDirectory(root.resolve(name));
  }

  @Override
  public List<String> subfolders(String folder) {
    return Directories.subfolders(root.resolve(folder)).stream()
        .map(path -> path.getFileName().toString())
        .toList();
  }

  @Override
  public List<ImageFile> filesBelow(String folder) {
    return Directories.filesBelow(root, root.resolve(folder)).stream()
        .map(DirectoryTree::imageFile)
        .toList();
  }

  @Override
  public Optional<byte[]> text(String name) {
    Path file = root.resolve(name);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw SourceProblem.of("a file that can be read", "%s (%s)".formatted(Reason.of(e), file));
    }
  }

  static ImageFile imageFile(SourceFile file) {
    return new ImageFile(
        file.name(), file.bytes(), new ImageFile.OnDisk(file.path(), file.modifiedNanos()));
  }
}
