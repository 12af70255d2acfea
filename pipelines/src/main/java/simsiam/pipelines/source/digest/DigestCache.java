package simsiam.pipelines.source.digest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.file.AtomicFile;

/**
 * SHA-256 of files, remembered by their real paths and {@linkplain FileStamp stamps}, so that a
 * source of many files is not read again only to find that nothing changed. Content is the truth: a
 * file read so soon after its last change that another one might leave the same stamp is never
 * remembered. One object is for one look at a source: it follows the links of each folder once.
 */
public final class DigestCache {
  private static final Logger log = LoggerFactory.getLogger(DigestCache.class);

  /** First line of the file; what was remembered in another form is read anew. */
  private static final String HEADER = "simsiam source digests 2";

  private static final int FIELDS = 8;
  private static final String NO_VERSION = "-";

  private final Path file;
  private final LongSupplier nowMillis;
  private final Map<String, Known> entries = new TreeMap<>();
  private final Map<Path, String> realFolders = new HashMap<>();
  private boolean changed;

  /** A digest, and the stamp that the file had when it was read. */
  public record Known(FileStamp stamp, String sha256) {}

  private DigestCache(Path file, LongSupplier nowMillis) {
    this.file = file;
    this.nowMillis = nowMillis;
  }

  /** The cache kept in a file; empty if there is none yet, or one of another version. */
  public static DigestCache open(Path file) {
    return open(file, System::currentTimeMillis);
  }

  public static DigestCache open(Path file, LongSupplier nowMillis) {
    DigestCache cache = new DigestCache(file, nowMillis);
    if (Files.exists(file)) {
      try (Stream<String> lines = Files.lines(file)) {
        cache.load(lines.iterator());
      } catch (IOException e) {
        throw unreadable(file, e);
      } catch (UncheckedIOException | IllegalArgumentException e) {
        log.warn("Digests of files are taken anew: {} is damaged", file, e);
        cache.entries.clear();
      }
    }
    return cache;
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
    Known known = entries.get(key);
    if (known != null && known.stamp().equals(stamp)) {
      return known;
    }
    long now = TimeUnit.MILLISECONDS.toNanos(nowMillis.getAsLong());
    Known read = new Known(stamp, compute.get());
    if (stamp.settledAt(now) && stamp(source).equals(stamp) && key.indexOf('\n') < 0) {
      entries.put(key, read);
      changed = true;
    }
    return read;
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
  public void save() {
    if (changed) {
      StringBuilder lines = new StringBuilder(HEADER).append('\n');
      entries.forEach((path, known) -> append(lines, path, known));
      AtomicFile.write(file, lines.toString().getBytes(StandardCharsets.UTF_8));
      changed = false;
    }
  }

  private static void append(StringBuilder lines, String path, Known known) {
    FileStamp stamp = known.stamp();
    lines.append(known.sha256());
    for (long number :
        new long[] {
          stamp.bytes(), stamp.modified(), stamp.changed(), stamp.device(), stamp.inode()
        }) {
      lines.append(' ').append(number);
    }
    String version = stamp.version().replaceAll("\\s", "_");
    lines.append(' ').append(version.isEmpty() ? NO_VERSION : version);
    lines.append(' ').append(path).append('\n');
  }

  private void load(Iterator<String> lines) {
    if (!lines.hasNext() || !lines.next().equals(HEADER)) {
      log.info("Digests of files are taken anew: {} is of another version", file);
      return;
    }
    while (lines.hasNext()) {
      String line = lines.next();
      String[] parts = line.split(" ", FIELDS);
      if (parts.length != FIELDS) {
        throw new IllegalArgumentException("expected %s fields, got '%s'".formatted(FIELDS, line));
      }
      FileStamp stamp =
          new FileStamp(
              Long.parseLong(parts[1]),
              Long.parseLong(parts[2]),
              Long.parseLong(parts[3]),
              Long.parseLong(parts[4]),
              Long.parseLong(parts[5]),
              parts[6].equals(NO_VERSION) ? "" : parts[6]);
      entries.put(parts[7], new Known(stamp, parts[0]));
    }
  }
}
