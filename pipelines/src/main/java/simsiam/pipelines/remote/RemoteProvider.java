package simsiam.pipelines.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * What {@link java.nio.file.Files} does with remote paths: reading, listing, writing whole files
 * and deleting. Folders come and go with their files. Not an installed provider, as those must be
 * on the class path that Java was started with, which a cluster's is not.
 */
final class RemoteProvider extends FileSystemProvider {
  static final RemoteProvider INSTANCE = new RemoteProvider();

  private RemoteProvider() {}

  @Override
  public String getScheme() {
    return "beam";
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (options.contains(StandardOpenOption.APPEND)) {
      throw new UnsupportedOperationException("Cannot append to " + path);
    }
    return options.contains(StandardOpenOption.WRITE)
        ? new RemoteWriter(RemotePath.of(path))
        : new RemoteReader(RemotePath.of(path));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    RemotePath remote = RemotePath.of(folder);
    Iterator<RemotePath> entries = remote.getFileSystem().listings().entries(remote);
    if (!entries.hasNext() && !readAttributes(folder, BasicFileAttributes.class).isDirectory()) {
      throw new NotDirectoryException(folder.toString());
    }
    return new RemoteFolder(entries, filter);
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException if the store cannot be reached: Java's own questions, such as
   *     whether a path is a folder, would take another exception for a no
   */
  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    RemotePath remote = RemotePath.of(path);
    try {
      return type.cast(remote.getFileSystem().listings().attributes(remote));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw new UnsupportedOperationException("Cannot read attributes by name");
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return null;
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    readAttributes(path, BasicFileAttributes.class);
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) {
    // A folder is there as soon as a file is in it.
  }

  @Override
  public void delete(Path path) throws IOException {
    RemoteStore.delete(RemotePath.of(path));
  }

  @Override
  public boolean isSameFile(Path path, Path other) {
    return path.equals(other);
  }

  @Override
  public boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException("Cannot copy inside a remote file system");
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException("Cannot rename inside a remote file system");
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException("Cannot tell the size of a remote file system");
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new UnsupportedOperationException("Cannot change attributes of remote files");
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
    throw new UnsupportedOperationException("Cannot make a remote file system: use Places");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return getPath(uri).getFileSystem();
  }

  @Override
  public Path getPath(URI uri) {
    return Places.path(uri.toString());
  }
}
