package simsiam.pipelines.source.digest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.config.Reason;
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
  private final Sorting<DigestTable.Entry> learnt =
      new Sorting<>(DigestTable.FORM, DigestTable.Entry.BY_KEY);
  private final Map<Path, String> realFolders = new ConcurrentHashMap<>();
  private boolean changed;

  /** A digest, and the stamp that the file had when it was read. */
  public record Known(FileStamp stamp, String sha256) {}

  private DigestCache(Path file, LongSupplier nowMillis, DigestTable known) {
    this.file = file;
    this.nowMillis = nowMillis;
    this.known = known;
  }

  /** The cache kept in a file; empty if there is none yet, or one of another version. */
  public static DigestCache open(Path file) {
    return open(file, System::currentTimeMillis);
  }

  public static DigestCache open(Path file, LongSupplier nowMillis) {
    return new DigestCache(file, nowMillis, table(file));
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
    return lookUp(source, key(source), () -> ContentDigest.of(source));
  }

  /**
   * A digest of part of an archive.
   *
   * @param part what part of it
   * @param compute reads it, where it is not known yet
   */
  public Known of(Path archive, String part, Supplier<String> compute) {
    return lookUp(archive, key(archive) + "!" + part, compute);
  }

  private Known lookUp(Path source, String key, Supplier<String> compute) {
    FileStamp stamp = stamp(source);
    Optional<String> before = known.find(key, stamp);
    if (before.isPresent()) {
      return new Known(stamp, before.get());
    }
    long now = TimeUnit.MILLISECONDS.toNanos(nowMillis.getAsLong());
    Known read = new Known(stamp, compute.get());
    if (stamp.settledAt(now) && stamp(source).equals(stamp)) {
      learn(DigestTable.Entry.of(key, stamp, read.sha256()));
    }
    return read;
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
