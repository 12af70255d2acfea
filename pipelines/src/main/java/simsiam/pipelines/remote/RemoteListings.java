package simsiam.pipelines.remote;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What lies in the folders of a store, which has no folders of its own. A folder is listed with all
 * below it, as stores list by prefix; the list made last is believed for a minute, unless this
 * process changes something.
 */
final class RemoteListings {
  private static final long BELIEVED_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final RemoteFileSystem fileSystem;
  private Listing last;

  RemoteListings(RemoteFileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  /** Files by their absolute keys, all of those below a folder. */
  private record Listing(
      String folder, NavigableMap<String, RemoteAttributes> files, long madeAtNanos) {
    boolean covers(String key) {
      return System.nanoTime() - madeAtNanos < BELIEVED_NANOS && key.startsWith(prefix(folder));
    }

    Optional<RemoteAttributes> of(String key) {
      RemoteAttributes file = files.get(key);
      if (file != null) {
        return Optional.of(file);
      }
      return below(key).isEmpty() ? Optional.empty() : Optional.of(RemoteAttributes.FOLDER);
    }

    NavigableMap<String, RemoteAttributes> below(String key) {
      String prefix = prefix(key);
      return files.subMap(prefix, true, prefix + Character.MAX_VALUE, true);
    }
  }

  private static String prefix(String folder) {
    return folder.equals("/") ? folder : folder + "/";
  }

  /**
   * Size and time of a file, or that it is a folder.
   *
   * @throws NoSuchFileException if neither a file nor files below it are there
   */
  RemoteAttributes attributes(RemotePath path) throws IOException {
    String key = path.absoluteKey();
    Optional<Listing> known = known(key);
    if (known.isEmpty() && !key.equals("/")) {
      Optional<RemoteAttributes> file = RemoteStore.file(path);
      if (file.isPresent()) {
        return file.get();
      }
    }
    Listing listing = known.isPresent() ? known.get() : list(key);
    return listing.of(key).orElseThrow(() -> new NoSuchFileException(path.toString()));
  }

  /** Names directly inside a folder, sorted. */
  List<String> names(RemotePath folder) throws IOException {
    String key = folder.absoluteKey();
    Listing listing = listing(key);
    String prefix = prefix(key);
    NavigableMap<String, RemoteAttributes> rest = listing.below(key);
    List<String> names = new ArrayList<>();
    while (!rest.isEmpty()) {
      String first = rest.firstKey();
      int end = first.indexOf('/', prefix.length());
      names.add(first.substring(prefix.length(), end < 0 ? first.length() : end));
      rest =
          end < 0
              ? rest.tailMap(first, false)
              : rest.tailMap(first.substring(0, end + 1) + Character.MAX_VALUE, false);
    }
    return names;
  }

  private Listing listing(String key) throws IOException {
    Optional<Listing> known = known(key);
    return known.isPresent() ? known.get() : list(key);
  }

  private synchronized Optional<Listing> known(String key) {
    boolean covers = last != null && (last.covers(key) || last.covers(key + "/"));
    return covers ? Optional.of(last) : Optional.empty();
  }

  private Listing list(String folder) throws IOException {
    NavigableMap<String, RemoteAttributes> files = new TreeMap<>();
    RemoteStore.below(fileSystem.root(), prefix(folder), files::put);
    Listing listing = new Listing(folder, files, System.nanoTime());
    if (!files.isEmpty()) {
      keep(listing);
    }
    return listing;
  }

  private synchronized void keep(Listing listing) {
    last = listing;
  }

  /** Forgets what was listed, as something has changed. */
  synchronized void forget() {
    last = null;
  }
}
