package simsiam.pipelines.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import simsiam.model.config.Reason;
import simsiam.model.data.AtomicFile;
import simsiam.model.data.Sha256;

/**
 * SHA-256 of files, remembered by path, size and time of change, so that a source of many files is
 * not read again only to find that nothing changed. Content is the truth: a file changed so lately
 * that another change might not show in its time is never remembered.
 */
public final class DigestCache {
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Path file;
  private final Map<String, Entry> entries = new TreeMap<>();
  private boolean changed;

  private record Entry(long bytes, long modifiedNanos, String sha256) {}

  private DigestCache(Path file) {
    this.file = file;
  }

  /** The cache kept in a file; empty if there is none yet. */
  public static DigestCache open(Path file) {
    DigestCache cache = new DigestCache(file);
    if (Files.exists(file)) {
      try (Stream<String> lines = Files.lines(file)) {
        lines.forEach(cache::load);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read %s: %s".formatted(file, Reason.of(e)), e);
      }
    }
    return cache;
  }

  /** The file's digest, 64 hexadecimal digits. */
  String sha256(SourceFile source) {
    return sha256(source.path().toAbsolutePath().normalize().toString(), source, () -> of(source));
  }

  /**
   * A digest of part of an archive.
   *
   * @param part what part of it
   * @param compute reads it, where it is not known yet
   */
  String sha256(SourceFile archive, String part, Supplier<String> compute) {
    String path = archive.path().toAbsolutePath().normalize().toString();
    return sha256(path + "!" + part, archive, compute);
  }

  private static String of(SourceFile source) {
    return Sha256.of(source.path());
  }

  private String sha256(String key, SourceFile source, Supplier<String> compute) {
    Entry known = entries.get(key);
    if (known != null
        && known.bytes() == source.bytes()
        && known.modifiedNanos() == source.modifiedNanos()) {
      return known.sha256();
    }
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    String sha256 = compute.get();
    if (source.modifiedNanos() < now - SETTLED_NANOS && key.indexOf('\n') < 0) {
      entries.put(key, new Entry(source.bytes(), source.modifiedNanos(), sha256));
      changed = true;
    }
    return sha256;
  }

  /** Writes what is new. */
  public void save() {
    if (changed) {
      StringBuilder lines = new StringBuilder();
      entries.forEach(
          (path, entry) ->
              lines
                  .append(entry.sha256())
                  .append(' ')
                  .append(entry.bytes())
                  .append(' ')
                  .append(entry.modifiedNanos())
                  .append(' ')
                  .append(path)
                  .append('\n'));
      AtomicFile.write(file, lines.toString().getBytes(StandardCharsets.UTF_8));
      changed = false;
    }
  }

  private void load(String line) {
    String[] parts = line.split(" ", 4);
    if (parts.length != 4) {
      throw new IllegalStateException(
          "Cannot read digest cache: expected 4 fields, got '%s' (%s); delete the file"
              .formatted(line, file));
    }
    entries.put(parts[3], new Entry(Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[0]));
  }
}
