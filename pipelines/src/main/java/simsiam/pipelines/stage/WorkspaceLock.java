package simsiam.pipelines.stage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A lock between processes: a file that names its holder, under an operating-system lock that ends
 * with the process. What a dead process left is taken over; {@link #takenOver()} says so.
 */
final class WorkspaceLock implements AutoCloseable {
  private final FileChannel channel;
  private final Optional<LockHolder> takenOver;

  private WorkspaceLock(FileChannel channel, Optional<LockHolder> takenOver) {
    this.channel = channel;
    this.takenOver = takenOver;
  }

  /**
   * Takes the lock.
   *
   * @param what is locked, in words
   * @throws LockedException if another process holds it, or may hold it on another host
   */
  static WorkspaceLock acquire(Path file, String what) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      boolean locked = tryLock(channel);
      Optional<LockHolder> holder =
          Files.size(file) == 0 ? Optional.empty() : Optional.of(Json.read(file, LockHolder.class));
      if (!locked || (holder.isPresent() && mayLive(holder.get()))) {
        throw new LockedException(what, holder, file);
      }
      write(channel, Json.pretty(LockHolder.self()));
      return new WorkspaceLock(channel, holder);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Refuses at once what {@link #acquire} would refuse later, as far as the file tells.
   *
   * @throws LockedException if another process holds the lock, or may hold it on another host
   */
  static void requireFree(Path file, String what) throws IOException {
    if (Files.exists(file) && Files.size(file) > 0) {
      LockHolder holder = Json.read(file, LockHolder.class);
      if (mayLive(holder)) {
        throw new LockedException(what, Optional.of(holder), file);
      }
    }
  }

  private static boolean mayLive(LockHolder holder) throws IOException {
    return !holder.onThisHost() || holder.alive();
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) { // held by this very process
      return false;
    }
  }

  private static void write(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    channel.truncate(0);
    channel.position(0);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** The dead process that had not given the lock back. */
  Optional<LockHolder> takenOver() {
    return takenOver;
  }

  /** Gives the lock back; the empty file stays, as deleting it would race with another taker. */
  @Override
  public void close() throws IOException {
    try (channel) {
      channel.truncate(0);
    }
  }
}
