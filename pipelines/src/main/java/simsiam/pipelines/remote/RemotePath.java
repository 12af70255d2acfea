package simsiam.pipelines.remote;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Optional;

/** A path of a remote file system. Names are those of a local path that stands for them. */
final class RemotePath implements Path {
  private final RemoteFileSystem fileSystem;
  private final Path key;
  private RemoteListings.Found found;

  /**
   * @param key within the bucket or host: absolute, or relative to another path
   */
  RemotePath(RemoteFileSystem fileSystem, Path key) {
    this.fileSystem = fileSystem;
    this.key = key;
  }

  /** The path, which must be of a remote file system. */
  static RemotePath of(Path path) {
    if (path instanceof RemotePath remote) {
      return remote;
    }
    throw new ProviderMismatchException("Cannot use %s: expected a remote path".formatted(path));
  }

  /** A path inside this one, with what a listing said of it. */
  RemotePath child(String name, RemoteListings.Found found) {
    RemotePath child = new RemotePath(fileSystem, key.resolve(name));
    child.found = found;
    return child;
  }

  /** What a listing said of this path, once. */
  Optional<RemoteListings.Found> takeFound() {
    Optional<RemoteListings.Found> taken = Optional.ofNullable(found);
    found = null;
    return taken;
  }

  private RemotePath with(Path other) {
    return other == null ? null : new RemotePath(fileSystem, other);
  }

  /** A path of this file system, or a relative one of any. */
  private Path key(Path other) {
    if (other instanceof RemotePath remote) {
      return remote.key;
    }
    if (other.isAbsolute()) {
      throw new ProviderMismatchException("Cannot use %s below %s".formatted(other, this));
    }
    return other;
  }

  /** The key as text, with a leading {@code /}; {@code /} alone for the root. */
  String absoluteKey() {
    return toAbsolutePath().key.toString();
  }

  @Override
  public RemoteFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return key.isAbsolute();
  }

  @Override
  public Path getRoot() {
    return with(key.getRoot());
  }

  @Override
  public Path getFileName() {
    return with(key.getFileName());
  }

  @Override
  public Path getParent() {
    return with(key.getParent());
  }

  @Override
  public int getNameCount() {
    return key.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return with(key.getName(index));
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    return with(key.subpath(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return sameStore(other) && key.startsWith(RemotePath.of(other).key);
  }

  @Override
  public boolean endsWith(Path other) {
    return sameStore(other) && key.endsWith(RemotePath.of(other).key);
  }

  private boolean sameStore(Path other) {
    return other.getFileSystem().equals(fileSystem);
  }

  @Override
  public Path normalize() {
    return with(key.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return other instanceof RemotePath && other.isAbsolute()
        ? other
        : with(key.resolve(key(other)));
  }

  @Override
  public Path relativize(Path other) {
    return with(key.relativize(key(other)));
  }

  @Override
  public URI toUri() {
    URI root = URI.create(fileSystem.root());
    try {
      return new URI(root.getScheme(), root.getAuthority(), absoluteKey(), null, null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("Cannot make a URI of " + this, e);
    }
  }

  @Override
  public RemotePath toAbsolutePath() {
    return isAbsolute() ? this : with(Path.of("/").resolve(key));
  }

  @Override
  public RemotePath toRealPath(LinkOption... options) {
    return with(toAbsolutePath().key.normalize());
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("Cannot watch a remote file system");
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RemotePath path
        && path.fileSystem.equals(fileSystem)
        && path.key.equals(key);
  }

  @Override
  public int hashCode() {
    return 31 * fileSystem.hashCode() + key.hashCode();
  }

  @Override
  public String toString() {
    return isAbsolute() ? fileSystem.root() + key : key.toString();
  }
}
