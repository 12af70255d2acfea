package simsiam.pipelines.source.folders;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import simsiam.model.config.Reason;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
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
    SpooledList.Form<SourceFile> form = new FileForm(root, folder.isEmpty() ? "" : folder + "/");
    Sorting<SourceFile> files = new Sorting<>(form, Comparator.comparing(SourceFile::name));
    List<String> hidden = new ArrayList<>();
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
            hidden.add(name);
          }
        });
    return new Below(
        lists.list(form, files.iterator()),
        hidden.stream().sorted().map(SkippedFile::hidden).toList());
  }

  /**
   * A file below a folder, or one that is missing there, without its label.
   *
   * @param prefix of all names, which is not kept: the folder with its last {@code /}
   */
  private record FileForm(Path root, String prefix) implements SpooledList.Form<SourceFile> {
    @Override
    public void write(SourceFile file, DataOutput out) throws IOException {
      out.writeUTF(file.name().substring(prefix.length()));
      out.writeLong(file.bytes());
      boolean missing = file.at() instanceof SourceFile.Missing;
      out.writeBoolean(missing);
      if (file.at() instanceof SourceFile.Missing at) {
        out.writeUTF(at.reason());
        out.writeUTF(at.problem());
      }
    }

    @Override
    public SourceFile read(DataInput in) throws IOException {
      String name = prefix + in.readUTF();
      long bytes = in.readLong();
      return new SourceFile(
          name,
          bytes,
          in.readBoolean()
              ? new SourceFile.Missing(in.readUTF(), in.readUTF())
              : new SourceFile.OnDisk(root.resolve(name)));
    }
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
