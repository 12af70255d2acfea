package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import simsiam.model.config.Reason;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;

/** A directory of image files. */
public record DirectoryTree(Path root) implements ImageTree {
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
  public List<SkippedFile> beside(String folder, String reason) {
    return Directories.beside(root.resolve(folder)).stream()
        .map(
            name ->
                new SkippedFile(
                    ImageTree.child(folder, name),
                    name.startsWith(".") ? SkippedFile.HIDDEN : reason))
        .toList();
  }

  @Override
  public Below below(String folder) {
    Directories.Below found = Directories.below(root, root.resolve(folder));
    List<SourceFile> files =
        Stream.concat(found.files().stream(), found.absent().stream())
            .sorted(Comparator.comparing(SourceFile::name))
            .toList();
    return new Below(files, found.hidden().stream().sorted().map(SkippedFile::hidden).toList());
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
}
