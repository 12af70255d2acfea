package simsiam.pipelines.source;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Remembers the index made last: one run asks several times for that of the same archive. */
final class LastIndex {
  private final Function<Path, ArchiveIndex> reading;
  private final AtomicReference<Known> last = new AtomicReference<>();

  private record Known(SourceFile file, ArchiveIndex index) {}

  LastIndex(Function<Path, ArchiveIndex> reading) {
    this.reading = reading;
  }

  /** The index of an archive, read again if the file has changed. */
  ArchiveIndex of(Path archive) {
    SourceFile file = Directories.file(archive);
    Known known = last.get();
    if (known == null || !known.file().equals(file)) {
      known = new Known(file, reading.apply(archive));
      last.set(known);
    }
    return known.index();
  }
}
