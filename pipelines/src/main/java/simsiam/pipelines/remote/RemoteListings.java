package simsiam.pipelines.remote;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What lies in the folders of a store, which has no folders of its own. A folder is listed with all
 * below it, as stores list by prefix. The list made last is believed for a minute, or for as long
 * as it took to make where that was longer, unless this process changes something.
 */
final class RemoteListings {
  private static final long BELIEVED_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String root;
  private final LongSupplier nanos;
  private Known last;

  /** Goes up with each change that this process makes. */
  private long changes;

  /**
   * Those of one bucket or host.
   *
   * @param root such as {@code s3://bucket}
   * @param nanos a clock
   */
  RemoteListings(String root, LongSupplier nanos) {
    this.root = root;
    this.nanos = nanos;
  }

  /**
   * A list that was made.
   *
   * @param folder of which all files are in it
   * @param changes that this process had made when it was begun
   */
  private record Known(
      String folder, Listing files, long changes, long begunAtNanos, long madeAtNanos) {
    boolean believedAt(long nanos) {
      return nanos - madeAtNanos < Math.max(BELIEVED_NANOS, madeAtNanos - begunAtNanos);
    }

    boolean covers(String key) {
      return key.startsWith(Listing.prefix(folder));
    }
  }

  /**
   * What a listing said of a path that was found in it.
   *
   * @param changes that this process had made when the listing was begun
   */
  record Found(RemoteAttributes attributes, long changes) {}

  /**
   * Size and time of a file, or that it is a folder. Of a path that was found in a folder the first
   * answer is what was listed there, as a walk asks of each entry when it comes to it.
   *
   * @throws NoSuchFileException if neither a file nor files below it are there
   */
  RemoteAttributes attributes(RemotePath path) throws IOException {
    Optional<Found> found = path.takeFound();
    if (found.isPresent() && found.get().changes() == changes()) {
      return found.get().attributes();
    }
    String key = path.absoluteKey();
    Optional<Known> known = known(key);
    if (known.isEmpty() && !key.equals("/")) {
      Optional<RemoteAttributes> file = RemoteStore.file(path);
      if (file.isPresent()) {
        return file.get();
      }
    }
    Known listing = known.isPresent() ? known.get() : list(key);
    return listing.files().of(key).orElseThrow(() -> new NoSuchFileException(path.toString()));
  }

  /** What is directly inside a folder, made as it is asked for. */
  Iterator<RemotePath> entries(RemotePath folder) throws IOException {
    String key = folder.absoluteKey();
    Optional<Known> known = known(key);
    Known listing = known.isPresent() ? known.get() : list(key);
    Iterator<Listed> entries = listing.files().entries(key);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public RemotePath next() {
        Listed entry = entries.next();
        return folder.child(entry.name(), new Found(entry.attributes(), listing.changes()));
      }
    };
  }

  private synchronized long changes() {
    return changes;
  }

  private synchronized Optional<Known> known(String key) {
    if (last != null && !last.believedAt(nanos.getAsLong())) {
      last = null; // which is space on disk
    }
    boolean covers = last != null && (last.covers(key) || last.covers(key + "/"));
    return covers ? Optional.of(last) : Optional.empty();
  }

  private Known list(String folder) throws IOException {
    long before = changes();
    long begun = nanos.getAsLong();
    Listing.Builder files = new Listing.Builder();
    RemoteStore.below(root, Listing.prefix(folder), files::add);
    Known listing = new Known(folder, files.build(), before, begun, nanos.getAsLong());
    if (!listing.files().isEmpty()) {
      keep(listing);
    }
    return listing;
  }

  private synchronized void keep(Known listing) {
    if (listing.changes() == changes) {
      last = listing;
    }
  }

  /** Forgets what was listed, as something has changed. */
  synchronized void forget() {
    changes++;
    last = null;
  }
}
