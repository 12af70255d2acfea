package simsiam.pipelines.digest;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.digest.Piece;
import simsiam.pipelines.source.digest.Unread;

/** What a worker hashes at a time. */
record HashTask(List<Entry> entries) implements Serializable {
  /**
   * Tasks that are aimed at: enough for many workers, few enough for one who reads what they found.
   */
  private static final int TASKS = 1_000;

  private static final long LEAST_BYTES = 16L << 20;
  private static final long MOST_BYTES = 1L << 30;
  private static final int LEAST_PIECES = 128;
  private static final int MOST_PIECES = 4_096;

  HashTask {
    entries = new ArrayList<>(entries); // serializable
  }

  /** A piece, of a file as it was when it was looked at. */
  record Entry(HeldFile file, Piece piece) implements Serializable {}

  /** All that is unread, made one at a time as they are asked for. */
  static Iterable<HashTask> of(Unread unread) {
    long bytes = Math.max(LEAST_BYTES, Math.min(MOST_BYTES, unread.bytes() / TASKS));
    int pieces = Math.max(LEAST_PIECES, Math.min(MOST_PIECES, unread.count() / TASKS));
    return () -> tasks(unread.items().iterator(), bytes, pieces);
  }

  private static Iterator<HashTask> tasks(Iterator<Unread.Item> left, long bytes, int pieces) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return left.hasNext();
      }

      @Override
      public HashTask next() {
        if (!left.hasNext()) {
          throw new NoSuchElementException();
        }
        List<Entry> entries = new ArrayList<>();
        long sum = 0;
        while (left.hasNext() && entries.size() < pieces && sum < bytes) {
          Unread.Item item = left.next();
          entries.add(new Entry(item.held(), item.piece()));
          sum += item.piece().bytes();
        }
        return new HashTask(entries);
      }
    };
  }
}
