package simsiam.pipelines.remote;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One bucket, or the file system of one host. */
final class RemoteFileSystem extends FileSystem {
  private static final Map<String, RemoteFileSystem> KNOWN = new ConcurrentHashMap<>();

  private final String root;
  private final RemoteListings listings;

  private RemoteFileSystem(String root) {
    this.root = root;
    this.listings = new RemoteListings(root, System::nanoTime);
  }

  /**
   * The file system of a bucket or host.
   *
   * @param root such as {@code s3://bucket}
   */
  static RemoteFileSystem of(String root) {
    return KNOWN.computeIfAbsent(root, RemoteFileSystem::new);
  }

  String root() {
    return root;
  }

  RemoteListings listings() {
    return listings;
  }

  @Override
  public RemoteProvider provider() {
    return RemoteProvider.INSTANCE;
  }

  @Override
  public RemotePath getPath(String first, String... more) {
    return new RemotePath(this, Path.of(first, more));
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("Cannot close %s: it is shared".formatted(root));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher local = Path.of("/").getFileSystem().getPathMatcher(syntaxAndPattern);
    return path ->
        local.matches(
            Path.of(path.isAbsolute() ? RemotePath.of(path).absoluteKey() : path.toString()));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException("Cannot tell users of %s".formatted(root));
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("Cannot watch %s".formatted(root));
  }
}
