package simsiam.pipelines.source.listing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Reason;

/** Listings of folders, sorted by name; hidden entries are told apart. */
public final class Directories {
  private Directories() {}

  /** Folders directly inside a folder. */
  public static List<Path> subfolders(Path folder) {
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

  /** Takes what lies below a folder, entry by entry in no order, named relative to the root. */
  public interface Visitor {
    /** A file that can be read. */
    void file(SourceFile file);

    /** A name without a file that could be read: a dead link, a device, no permission. */
    void absent(SourceFile file);

    /** A name that begins with a dot; a folder's ends with {@code /}. */
    void hidden(String name);
  }

  /**
   * Goes through what lies at any depth below a folder; links are followed, hidden folders are not
   * entered.
   */
  public static void walk(Path root, Path folder, Visitor visitor) {
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new Collector(root, folder, visitor));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /**
   * Names of the entries directly in a folder that {@link #subfolders} leaves out, in no order;
   * those of folders end with {@code /}.
   *
   * @throws InvalidConfigException if one is a link that leads nowhere, as it may be for a folder
   */
  public static void beside(Path folder, Consumer<String> names) {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        boolean directory = Files.isDirectory(entry);
        if (hidden(entry) || !directory) {
          requireAlive(entry);
          names.accept(entry.getFileName() + (directory ? "/" : ""));
        }
      }
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static void requireAlive(Path entry) throws IOException {
    if (!hidden(entry) && Files.isSymbolicLink(entry) && !Files.exists(entry)) {
      throw SourceProblem.of("folders and files", "%s (%s)".formatted(deadLink(entry), entry));
    }
  }

  private static String deadLink(Path link) throws IOException {
    return "a link to %s, which leads nowhere".formatted(Files.readSymbolicLink(link));
  }

  /**
   * An image file, or the same without content where there is no file that could be read.
   *
   * @param where whatever names it, for messages; empty where it is the file's own folder
   */
  public static SourceFile imageFile(String name, Path path, String where) {
    try {
      BasicFileAttributes attributes =
          Files.exists(path)
              ? Files.readAttributes(path, BasicFileAttributes.class)
              : Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile() && readable(path)
          ? sourceFile(name, path, attributes)
          : absent(name, path, attributes, where);
    } catch (AccessDeniedException e) {
      return absent(name, "no_access", "one that this user may not reach", where);
    } catch (FileSystemException e) {
      return absent(name, "missing", "none", where);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(path, e), e);
    }
  }

  private static SourceFile absent(
      String name, Path path, BasicFileAttributes attributes, String where) throws IOException {
    if (attributes.isSymbolicLink()) {
      return absent(name, "missing", deadLink(path), where);
    }
    if (attributes.isRegularFile()) {
      return absent(name, "no_access", "one that this user may not read", where);
    }
    return attributes.isDirectory()
        ? absent(name, "no_file", "a folder", where)
        : absent(name, "no_file", "a device, pipe or socket", where);
  }

  private static SourceFile absent(String name, String reason, String got, String where) {
    String place = where.isEmpty() ? "" : " (%s)".formatted(where);
    return new SourceFile(
        name, 0, new SourceFile.Missing(reason, "expected a file, got %s%s".formatted(got, place)));
  }

  /** In a store, asking would cost a request a file; there, reading tells. */
  private static boolean readable(Path file) {
    return file.getFileSystem() != FileSystems.getDefault() || Files.isReadable(file);
  }

  /** One file, known by its own name. */
  public static SourceFile file(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return sourceFile(path.getFileName().toString(), path, attributes);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(path, Reason.of(e)), e);
    }
  }

  private static SourceFile sourceFile(String name, Path path, BasicFileAttributes attributes) {
    return new SourceFile(name, attributes.size(), new SourceFile.OnDisk(path));
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
    private final Path start;
    private final Visitor found;

    Collector(Path root, Path start, Visitor found) {
      this.root = root;
      this.start = start;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (folder.equals(start) || !hidden(folder)) {
        return FileVisitResult.CONTINUE;
      }
      found.hidden(name(folder) + "/");
      return FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (hidden(file)) {
        found.hidden(name(file));
      } else if (attributes.isRegularFile() && readable(file)) {
        found.file(sourceFile(name(file), file, attributes));
      } else {
        found.absent(absent(name(file), file, attributes, ""));
      }
      return FileVisitResult.CONTINUE;
    }

    private String name(Path path) {
      return root.relativize(path).toString().replace('\\', '/');
    }
  }
}
