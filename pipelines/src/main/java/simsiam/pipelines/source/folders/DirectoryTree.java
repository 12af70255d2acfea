package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import simsiam.model.config.Reason;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceFileForm;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.spool.Sorting;
import simsiam.pipelines.spool.SpooledList;

/**
 * A directory of image files, whose lists need not be in memory.
 *
 * @param lists where they lie
 */
public record DirectoryTree(Path root, SpooledList.Space lists) implements ImageTree {
  public DirectoryTree(Path root) {
    this(root, new SpooledList.Space());
  }

  @Override
  public Path path() {
    return root;
  }

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
    Sorting<SkippedFile> skipped = skipped();
    Directories.beside(
        root.resolve(folder),
        name ->
            skipped.add(
                new SkippedFile(
                    ImageTree.child(folder, name),
                    name.startsWith(".") ? SkippedFile.HIDDEN : reason)));
    return lists.list(SkippedFile.FORM, skipped.iterator());
  }

  private static Sorting<SkippedFile> skipped() {
    return new Sorting<>(SkippedFile.FORM, Comparator.comparing(SkippedFile::name));
  }

  @Override
  public Below below(String folder) {
    SpooledList.Form<SourceFile> form =
        new SourceFileForm(root, folder.isEmpty() ? "" : folder + "/");
    Sorting<SourceFile> files = new Sorting<>(form, Comparator.comparing(SourceFile::name));
    Sorting<SkippedFile> hidden = skipped();
    Directories.walk(
        root,
        root.resolve(folder),
        new Directories.Visitor() {
          @Override
          public void file(SourceFile file) {
            files.add(file);
          }

          @Override
          public void absent(SourceFile file) {
            files.add(file);
          }

          @Override
          public void hidden(String name) {
            hidden.add(SkippedFile.hidden(name));
          }
        });
    return new Below(
        lists.list(form, files.iterator()), lists.list(SkippedFile.FORM, hidden.iterator()));
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
