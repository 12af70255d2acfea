package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import simsiam.pipelines.source.digest.FileStamp;
import simsiam.pipelines.source.listing.SourceProblem;

/** Remembers the index made last: one run asks several times for that of the same archive. */
public final class LastIndex {
  private final Function<Path, ArchiveIndex> reading;
  private final AtomicReference<Known> last = new AtomicReference<>();

  private record Known(Path archive, FileStamp stamp, ArchiveIndex index) {
    boolean isOf(Path other, FileStamp now) {
      return archive.equals(other) && stamp.equals(now);
    }
  }

  public LastIndex(Function<Path, ArchiveIndex> reading) {
    this.reading = reading;
  }

  /** The index of an archive, read again if the file has changed or may have. */
  public ArchiveIndex of(Path archive) {
    FileStamp stamp = stamp(archive);
    Known known = last.get();
    if (known != null && known.isOf(archive, stamp)) {
      return known.index();
    }
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    ArchiveIndex index = reading.apply(archive);
    if (stamp.settledAt(now)) {
      last.set(new Known(archive, stamp, index));
    }
    return index;
  }

  private static FileStamp stamp(Path archive) {
    try {
      return FileStamp.of(archive);
    } catch (IOException e) {
      throw SourceProblem.of(
          "an archive that can be read", "%s (%s)".formatted(e.getMessage(), archive));
    }
  }
}
