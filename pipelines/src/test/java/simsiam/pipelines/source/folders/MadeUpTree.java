package simsiam.pipelines.source.folders;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * A file system that has one tree of class folders, {@code /set/class-17/image-5.jpg}, and no more
 * of it in memory than what is asked for. A file holds its own name; entries come in no order. A
 * list of images can be beside the classes, under any name that ends with {@code .csv}; files
 * called {@code gone} are not there.
 */
final class MadeUpTree extends FileSystem {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_500_000_000_000L);

  private final int classes;
  private final int ofClass;
  private final Supplier<InputStream> list;
  private final Provider provider = new Provider();

  MadeUpTree(int classes, int ofClass, Supplier<InputStream> list) {
    this.classes = classes;
    this.ofClass = ofClass;
    this.list = list;
  }

  Path root() {
    return new Place("/set");
  }

  /** Names of a folder's entries, as a number that all steps of 7 reach scatters them. */
  private Iterator<Path> entries(Place folder) {
    boolean root = folder.name.equals("/set");
    long count = root ? classes : ofClass;
    long step = count % 7 == 0 ? 11 : 7;
    LongFunction<Path> entry = i -> folder.resolve(root ? "class-" + i : "image-" + i + ".jpg");
    return LongStream.range(0, count).map(i -> i * step % count).mapToObj(entry).iterator();
  }

  private record Attributes(long size, boolean isDirectory, Object fileKey)
      implements BasicFileAttributes {
    @Override
    public FileTime lastModifiedTime() {
      return LONG_AGO;
    }

    @Override
    public FileTime lastAccessTime() {
      return LONG_AGO;
    }

    @Override
    public FileTime creationTime() {
      return LONG_AGO;
    }

    @Override
    public boolean isRegularFile() {
      return !isDirectory;
    }

    @Override
    public boolean isSymbolicLink() {
      return false;
    }

    @Override
    public boolean isOther() {
      return false;
    }
  }

  private final class Provider extends FileSystemProvider {
    @Override
    public InputStream newInputStream(Path path, OpenOption... options) {
      return path.toString().endsWith(".csv")
          ? list.get()
          : new ByteArrayInputStream(path.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) {
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return entries((Place) folder);
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      String name = path.toString();
      if (!name.startsWith("/set") || name.contains("/gone")) {
        throw new NoSuchFileException(name);
      }
      boolean file = name.endsWith(".jpg") || name.endsWith(".csv");
      return type.cast(new Attributes(name.length(), !file, name));
    }

    @Override
    public boolean isHidden(Path path) {
      return false;
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) {}

    @Override
    public boolean isSameFile(Path path, Path other) {
      return path.equals(other);
    }

    @Override
    public String getScheme() {
      return "made-up";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return MadeUpTree.this;
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Path path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileStore getFileStore(Path path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return null;
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
      throw new UnsupportedOperationException();
    }
  }

  /** An absolute path, or a relative one, by its text. */
  private final class Place implements Path {
    private final String name;

    Place(String name) {
      this.name = name;
    }

    private List<String> parts() {
      return List.of(name.split("/", -1));
    }

    @Override
    public FileSystem getFileSystem() {
      return MadeUpTree.this;
    }

    @Override
    public boolean isAbsolute() {
      return name.startsWith("/");
    }

    @Override
    public Path getRoot() {
      return isAbsolute() ? new Place("/") : null;
    }

    @Override
    public Path getFileName() {
      return new Place(name.substring(name.lastIndexOf('/') + 1));
    }

    @Override
    public Path getParent() {
      return new Place(name.substring(0, name.lastIndexOf('/')));
    }

    @Override
    public int getNameCount() {
      return parts().size();
    }

    @Override
    public Path getName(int index) {
      return new Place(parts().get(index));
    }

    @Override
    public Path subpath(int begin, int end) {
      return new Place(String.join("/", parts().subList(begin, end)));
    }

    @Override
    public boolean startsWith(Path other) {
      return name.startsWith(other.toString());
    }

    @Override
    public boolean endsWith(Path other) {
      return name.endsWith(other.toString());
    }

    @Override
    public Path normalize() {
      return this;
    }

    @Override
    public Path resolve(Path other) {
      String text = other.toString();
      return text.isEmpty() ? this : new Place(name + "/" + text);
    }

    @Override
    public Path relativize(Path other) {
      return new Place(other.toString().substring(name.length() + 1));
    }

    @Override
    public URI toUri() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path toAbsolutePath() {
      return this;
    }

    @Override
    public Path toRealPath(LinkOption... options) {
      return this;
    }

    @Override
    public WatchKey register(
        WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
      return name.compareTo(other.toString());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Place place && place.name.equals(name);
    }

    @Override
    public int hashCode() {
      return Objects.hash(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public Path getPath(String first, String... more) {
    return new Place(more.length == 0 ? first : first + "/" + String.join("/", more));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(new Place("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }
}
