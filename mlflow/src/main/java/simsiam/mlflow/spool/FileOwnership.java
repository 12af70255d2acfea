package simsiam.mlflow.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * An exclusive lock on a file, given back by the operating system when its process dies in whatever
 * way: the test for a live owner that no reused process id can fool.
 *
 * <p>The lock file itself is never read and never opened twice in one process, because POSIX drops
 * all of a process's locks on a file as soon as the process closes any descriptor of it.
 */
public final class FileOwnership implements Closeable {
  private static final long POLL_MS = 100;
  private static final Set<Path> HELD_HERE = new HashSet<>();

  private final Path path;
  private final FileChannel channel;

  private FileOwnership(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Takes the lock, or gives empty if this or another process has it. */
  public static Optional<FileOwnership> tryAcquire(Path file) throws IOException {
    Path path = file.toAbsolutePath().normalize();
    synchronized (HELD_HERE) {
      if (HELD_HERE.contains(path)) {
        return Optional.empty();
      }
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean acquired = false;
      try {
        FileLock lock = channel.tryLock();
        acquired = lock != null;
      } finally {
        if (!acquired) {
          channel.close();
        }
      }
      if (!acquired) {
        return Optional.empty();
      }
      HELD_HERE.add(path);
      return Optional.of(new FileOwnership(path, channel));
    }
  }

  /**
   * Takes the lock, waiting for its owner to give it back.
   *
   * @param onWait called once if there is something to wait for
   * @throws IOException if the owner keeps it for longer than the limit
   */
  public static FileOwnership acquire(Path file, Duration limit, Runnable onWait)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    Optional<FileOwnership> got = tryAcquire(file);
    if (got.isEmpty()) {
      onWait.run();
    }
    while (got.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "Cannot lock %s: expected it free within %s s, got it held by another process"
                .formatted(file, limit.toSeconds()));
      }
      Thread.sleep(POLL_MS);
      got = tryAcquire(file);
    }
    return got.get();
  }

  /** Whether this object has the lock, as it has until it is closed. */
  public boolean isHeld() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD_HERE) {
      channel.close();
      HELD_HERE.remove(path);
    }
  }
}
