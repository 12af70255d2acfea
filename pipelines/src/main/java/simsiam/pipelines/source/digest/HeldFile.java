package simsiam.pipelines.source.digest;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
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
  public @FunctionalInterface interface Reading<T> {
    T from(Path file) throws IOException;
  }

  static HeldFile of(Path file, FileStamp stamp) {
    return new HeldFile(file.toString(), stamp, PROCESS);
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
    Path file = Places.path(path);
    require(file);
    T result = reading.from(file);
    require(file);
    return result;
  }

  private void require(Path file) throws IOException {
    Places.refresh(file);
    FileStamp now = FileStamp.of(file);
    boolean same = process.equals(PROCESS) ? stamp.untouchedUntil(now) : stamp.agreesWith(now);
    if (!same) {
      throw SourceContents.changed(path);
    }
  }
}
