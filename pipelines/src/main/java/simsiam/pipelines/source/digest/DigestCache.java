package simsiam.pipelines.source.digest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.config.Reason;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.spool.Sorting;

/**
 * SHA-256 of files, remembered by their real paths and {@linkplain FileStamp stamps}, so that a
 * source of many files is not read again only to find that nothing changed. Content is the truth: a
 * file read so soon after its last change that another one might leave the same stamp is never
 * remembered. One object is for one look at a source, by any number of threads: it follows the
 * links of each folder once, and what it learns is known to those that are opened after {@link
 * #save}.
 */
public final class DigestCache {
  private static final Logger log = LoggerFactory.getLogger(DigestCache.class);

  private final Path file;
  private final LongSupplier nowMillis;
  private final DigestTable known;
  private final Optional<Unread> unread;
  private final Sorting<DigestTable.Entry> learnt =
      new Sorting<>(DigestTable.FORM, DigestTable.Entry.BY_KEY);
  private final Map<Path, String> realFolders = new ConcurrentHashMap<>();
  private boolean changed;

  /** Stands for the digest of what is not read. */
  private static final String NOT_READ = "0".repeat(64);

  /** A digest, and the stamp that the file had when it was read. */
  public record Known(FileStamp stamp, String sha256) {}

  private DigestCache(Path file, LongSupplier nowMillis, Optional<Unread> unread) {
    this.file = file;
    this.nowMillis = nowMillis;
    this.known = table(file);
    this.unread = unread;
  }

  /** The cache kept in a file; empty if there is none yet, or one of another version. */
  public static DigestCache open(Path file) {
    return open(file, System::currentTimeMillis);
  }

  public static DigestCache open(Path file, LongSupplier nowMillis) {
    return new DigestCache(file, nowMillis, Optional.empty());
  }

  /**
   * One that reads nothing: what it does not know is noted, and what a source takes for digests
   * then is none. What is noted can be learnt.
   *
   * @param unread takes notes, until {@link Unread#end}
   */
  public static DigestCache noting(Path file, Unread unread) {
    return noting(file, System::currentTimeMillis, unread);
  }

  public static DigestCache noting(Path file, LongSupplier nowMillis, Unread unread) {
    return new DigestCache(file, nowMillis, Optional.of(unread));
  }

  private static DigestTable table(Path file) {
    if (!Files.exists(file)) {
      return DigestTable.EMPTY;
    }
    try {
      Optional<DigestTable> table = DigestTable.open(file);
      if (table.isEmpty()) {
        log.info("Digests of files are taken anew: {} is of another version", file);
      }
      return table.orElse(DigestTable.EMPTY);
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (IllegalArgumentException e) {
      log.warn("Digests of files are taken anew: {} is damaged", file, e);
      return DigestTable.EMPTY;
    }
  }

  /**
   * The digest of a whole file, 64 hexadecimal digits.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public Known of(Path source) {
    return lookUp(
        source,
        key(source),
        (stamp, notes) -> notes.add(source, stamp),
        () -> digests(source, new WholeFile(0)).get(0));
  }

  /**
   * A digest of part of a file.
   *
   * @param name of the part
   * @param part asked for where its digest is not known yet
   * @throws UncheckedIOException if it cannot be read
   */
  public Known ofPart(Path source, String name, Supplier<Part> part) {
    return lookUp(
        source,
        key(source, name),
        (stamp, notes) -> notes.add(source, stamp, name, part.get()),
        () -> digest(source, part.get()));
  }

  /**
   * A digest of part of a file that is read from its start, by this machine.
   *
   * @param name of the part
   * @param compute reads it, where it is not known yet
   */
  public Known of(Path source, String name, Supplier<String> compute) {
    return lookUp(source, key(source, name), (stamp, notes) -> notes.addOther(), compute);
  }

  private static String digest(Path file, Part part) {
    List<String> found = new ArrayList<>();
    InOrder.forEach(part.pieces(), 1, piece -> digests(file, piece), found::addAll);
    return part.joined(found);
  }

  private static List<String> digests(Path file, Piece piece) {
    try {
      return piece.digests(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, Reason.of(e)), e);
    }
  }

  private Known lookUp(
      Path source, String key, BiConsumer<FileStamp, Unread> note, Supplier<String> compute) {
    FileStamp stamp = stamp(source);
    Optional<String> before = known.find(key, stamp);
    if (before.isPresent()) {
      return new Known(stamp, before.get());
    }
    boolean settled = stamp.settledAt(TimeUnit.MILLISECONDS.toNanos(nowMillis.getAsLong()));
    if (unread.isPresent()) {
      if (settled) {
        note.accept(stamp, unread.get());
      } else {
        unread.get().addOther();
      }
      return new Known(stamp, NOT_READ);
    }
    Known read = new Known(stamp, compute.get());
    if (settled && stamp(source).equals(stamp)) {
      learn(DigestTable.Entry.of(key, stamp, read.sha256()));
    }
    return read;
  }

  /**
   * Learns what was noted, by what others have found in it. A file that has another stamp by now is
   * not taken for what it was: its digest is not looked for under the old one.
   *
   * @param noted by this cache
   * @param found in each piece, in their order; empty where a file was not what it had been
   */
  public void learn(Unread noted, Iterator<Optional<List<String>>> found) {
    noted.learn(
        found,
        (item, part, digest) -> {
          Path path = Places.path(item.path());
          String key = part.isEmpty() ? key(path) : key(path, part);
          learn(DigestTable.Entry.of(key, item.stamp(), digest));
        });
  }

  private synchronized void learn(DigestTable.Entry entry) {
    learnt.add(entry);
    changed = true;
  }

  private static FileStamp stamp(Path source) {
    try {
      return FileStamp.of(source);
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private String key(Path source, String part) {
    return key(source) + "!" + part;
  }

  /** The path with the links of its folder followed; those of the file show in the stamp. */
  private String key(Path source) {
    Path absolute = source.toAbsolutePath();
    Path name = absolute.getFileName();
    String folder = realFolders.computeIfAbsent(absolute.getParent(), DigestCache::real);
    return folder + "/" + name;
  }

  private static String real(Path folder) {
    try {
      return folder.toRealPath().toString();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static UncheckedIOException unreadable(Path source, IOException e) {
    String got =
        e instanceof NoSuchFileException
            ? "none"
            : e instanceof AccessDeniedException ? "no access" : e.getMessage();
    return new UncheckedIOException(
        "Cannot read %s: expected a file that can be read, got %s".formatted(source, got), e);
  }

  /** Writes what is new. */
  public synchronized void save() {
    if (changed) {
      try {
        known.writeWith(learnt.iterator(), file);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write %s: %s".formatted(file, Reason.of(e)), e);
      }
      changed = false;
    }
  }
}
