package simsiam.pipelines.source.digest;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import simsiam.pipelines.remote.Places;

/**
 * A file of many images of which workers read a part each, too little to know its digest: before
 * and after, its stamp must be the one it had when the digest was taken.
 *
 * @param path as in {@link Places}
 * @param process in which the stamp was taken; in another, maybe on another machine, less of it can
 *     be compared
 */
public record HeldFile(String path, FileStamp stamp, String process) implements Serializable {
  private static final String PROCESS = UUID.randomUUID().toString();

  /** Reads from a file. */
  @FunctionalInterface
  public interface Reading<T> {
    T from(Path file) throws IOException;
  }

  static HeldFile of(Path file, FileStamp stamp) {
    return of(file.toString(), stamp);
  }

  static HeldFile of(String path, FileStamp stamp) {
    return new HeldFile(path, stamp, PROCESS);
  }

  /** A file that this program has just made for its own use. */
  public static HeldFile own(Path file) throws IOException {
    return of(file, FileStamp.of(file));
  }

  /**
   * Reads from it.
   *
   * @throws IllegalStateException if it is or becomes another file than it was
   */
  public <T> T read(Reading<T> reading) throws IOException {
    return readUnchanged(reading).orElseThrow(() -> SourceContents.changed(path));
  }

  /** Reads from it; empty if it is or becomes another file than it was. */
  public <T> Optional<T> readUnchanged(Reading<T> reading) throws IOException {
    Path file = Places.path(path);
    if (!isUnchanged(file)) {
      return Optional.empty();
    }
    T result = reading.from(file);
    return isUnchanged(file) ? Optional.of(result) : Optional.empty();
  }

  private boolean isUnchanged(Path file) throws IOException {
    Places.refresh(file);
    FileStamp now = FileStamp.of(file);
    return process.equals(PROCESS) ? stamp.untouchedUntil(now) : stamp.agreesWith(now);
  }
}
