package simsiam.mlflow.spool;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The append-only journal of one run. {@link #append} puts a line into memory and never touches the
 * disk, so it costs microseconds whatever the disk does; {@link JournalFlusher} moves the lines to
 * the file every 200 ms and forces them to the device every second. A process killed with {@code
 * kill -9} loses at most the lines of that interval, a machine that loses power at most those of
 * the last second; {@link #persist} makes sure of everything appended so far.
 *
 * <p>Memory is bounded: should the disk refuse to write for so long that {@value #MAX_PENDING}
 * bytes wait, further lines are dropped and counted in {@link #lost}.
 */
public final class Journal implements Closeable {
  static final int MAX_PENDING = 16 << 20;

  private final Path path;
  private final FileChannel channel;
  private final Object memory = new Object();
  private final Object disk = new Object();
  private LineBuffer pending = new LineBuffer();
  private LineBuffer writing = new LineBuffer();
  private ByteBuffer unwritten = ByteBuffer.allocate(0);
  private boolean unforced;
  private boolean closed;
  private boolean sealed;
  private long nextSeq;
  private long lastTime;
  private long lost;

  private Journal(Path path, FileChannel channel, long nextSeq, long lastTime) {
    this.path = path;
    this.channel = channel;
    this.nextSeq = nextSeq;
    this.lastTime = lastTime;
  }

  /**
   * Opens a journal for appending after what is there. A last line that a dying process tore is cut
   * off: it was never a complete entry.
   */
  public static Journal open(Path path, JournalState state) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.truncate(state.length());
    channel.position(state.length());
    return new Journal(path, channel, state.nextSeq(), state.lastTime());
  }

  /**
   * Appends an entry stamped with now, and returns that time; time never runs backwards within a
   * journal.
   */
  public long append(Entry entry) {
    return append(entry, System.currentTimeMillis());
  }

  /** Appends an entry stamped with the given time, or the last entry's if that is later. */
  public long append(Entry entry, long time) {
    synchronized (memory) {
      if (sealed) {
        return time;
      }
      if (closed) {
        throw new IllegalStateException(
            "Cannot journal an entry: expected an open run, got one closed before (" + path + ")");
      }
      if (pending.size() >= MAX_PENDING) {
        lost++;
        return time;
      }
      lastTime = Math.max(lastTime, time);
      try {
        LineWriter.write(new Line(nextSeq, lastTime, entry), pending);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      nextSeq++;
      return lastTime;
    }
  }

  /** Hands everything appended so far to the operating system. */
  void write() throws IOException {
    synchronized (disk) {
      while (true) {
        while (unwritten.hasRemaining()) {
          unforced |= channel.write(unwritten) > 0;
        }
        synchronized (memory) {
          if (pending.size() == 0) {
            return;
          }
          LineBuffer full = pending;
          pending = writing;
          writing = full;
          pending.reset();
        }
        unwritten = writing.view();
      }
    }
  }

  /** Forces what was written to the device. */
  void force() throws IOException {
    synchronized (disk) {
      if (unforced) {
        channel.force(false);
        unforced = false;
      }
    }
  }

  /** Returns once everything appended so far is on the device. */
  public void persist() throws IOException {
    write();
    force();
  }

  /**
   * Makes this the last entry and puts all on the device. Later entries are passed over: in a
   * process that was told to end, threads that are still logging must not fail for it.
   */
  public void seal(Entry last) throws IOException {
    synchronized (memory) {
      append(last);
      sealed = true;
    }
    persist();
  }

  /** Entries dropped since the journal was opened because the disk would not take them. */
  public long lost() {
    synchronized (memory) {
      return lost;
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    synchronized (memory) {
      closed = true;
    }
    synchronized (disk) {
      if (channel.isOpen()) {
        try {
          persist();
        } finally {
          channel.close();
        }
      }
    }
  }
}
