package simsiam.pipelines.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to fetch a file: held by one thread of one process at a time, and given up with the
 * process. The lock is on a hidden file beside the target, which stays: deleted, it would be locked
 * under two identities.
 */
final class DownloadLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DownloadLock.class);

  /** File locks keep processes apart, not the threads of one. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final FileChannel channel;

  private DownloadLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until nobody else fetches the target. */
  static DownloadLock acquire(Path target) throws IOException {
    Path file = target.resolveSibling("." + target.getFileName() + ".lock");
    THREADS.lock();
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock(channel, target);
      return new DownloadLock(channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      THREADS.unlock();
      throw e;
    }
  }

  private static void lock(FileChannel channel, Path target) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock == null) {
      LOG.info("Waiting for another process that downloads {}", target);
      channel.lock();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      THREADS.unlock();
    }
  }
}
