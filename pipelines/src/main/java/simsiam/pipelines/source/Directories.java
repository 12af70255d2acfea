package simsiam.pipelines.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import simsiam.model.config.Reason;

/** Listings of folders, sorted by name, without hidden entries. */
final class Directories {
  private Directories() {}

  /** Folders directly inside a folder. */
  static List<Path> subfolders(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .filter(entry -> !hidden(entry))
          .sorted(Comparator.comparing(entry -> entry.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** Files at any depth below a folder, named relative to the root; links are followed. */
  static List<SourceFile> filesBelow(Path root, Path folder) {
    List<SourceFile> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new Collector(root, files));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    files.sort(Comparator.comparing(SourceFile::name));
    return files;
  }

  /** One file, known by its own name. */
  static SourceFile file(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return sourceFile(path.getFileName().toString(), path, attributes);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(path, Reason.of(e)), e);
    }
  }

  private static SourceFile sourceFile(String name, Path path, BasicFileAttributes attributes) {
    return new SourceFile(
        name, path, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  private static boolean hidden(Path entry) {
    return entry.getFileName().toString().startsWith(".");
  }

  private static RuntimeException unreadable(Path folder, IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return SourceProblem.of("a folder that may be read", "no access to " + denied.getFile());
    }
    return SourceProblem.of("a folder that can be read", "%s (%s)".formatted(Reason.of(e), folder));
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<SourceFile> files;

    Collector(Path root, List<SourceFile> files) {
      this.root = root;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return hidden(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile() && !hidden(file)) {
        String name = root.relativize(file).toString().replace('\\', '/');
        files.add(sourceFile(name, file, attributes));
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
