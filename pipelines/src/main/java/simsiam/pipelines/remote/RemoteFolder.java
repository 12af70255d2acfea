package simsiam.pipelines.remote;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** What is directly inside a folder of a store, made entry by entry as it is asked for. */
final class RemoteFolder implements DirectoryStream<Path> {
  private final Iterator<RemotePath> entries;
  private final Filter<? super Path> filter;
  private boolean begun;
  private boolean closed;

  RemoteFolder(Iterator<RemotePath> entries, Filter<? super Path> filter) {
    this.entries = entries;
    this.filter = filter;
  }

  @Override
  public Iterator<Path> iterator() {
    if (begun || closed) {
      throw new IllegalStateException("Cannot go through a folder twice, or when it is closed");
    }
    begun = true;
    return new Iterator<>() {
      private Path next;

      @Override
      public boolean hasNext() {
        while (next == null && !closed && entries.hasNext()) {
          Path entry = entries.next();
          next = accepted(entry) ? entry : null;
        }
        return next != null;
      }

      @Override
      public Path next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Path result = next;
        next = null;
        return result;
      }
    };
  }

  private boolean accepted(Path entry) {
    try {
      return filter.accept(entry);
    } catch (IOException e) {
      throw new DirectoryIteratorException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
