package simsiam.pipelines.remote;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a remote file. A read that fails on the way is tried again from where it was; a short way
 * forward is read through, as going elsewhere costs a request.
 */
final class RemoteReader implements SeekableByteChannel {
  private static final Logger log = LoggerFactory.getLogger(RemoteReader.class);
  private static final int ATTEMPTS = 4;
  private static final long WAIT_MILLIS = 250;
  private static final long SHORT_WAY = 1 << 20;

  private final RemotePath path;
  private final long size;
  private SeekableByteChannel source;
  private boolean reading;
  private long position;

  RemoteReader(RemotePath path) throws IOException {
    this.path = path;
    this.source = RemoteStore.open(path);
    this.size = source.size();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    if (position >= size) {
      return -1;
    }
    int start = target.position();
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(target);
      } catch (IOException | RuntimeException e) {
        target.position(start);
        if (attempt == ATTEMPTS) {
          throw new StoreException(
              "Cannot read %s at %s: %s".formatted(path, position, RemoteStore.cause(e)), e);
        }
        log.info("Reading {} at {} again", path, position, e);
        reopen(attempt);
      }
    }
  }

  private int attempt(ByteBuffer target) throws IOException {
    seek();
    int n = source.read(target);
    if (n <= 0) {
      throw new IOException("expected %s bytes, got %s".formatted(size, position));
    }
    position += n;
    return n;
  }

  private void seek() throws IOException {
    long gap = position - source.position();
    if (reading && gap > 0 && gap <= SHORT_WAY) {
      ByteBuffer skipped = ByteBuffer.allocate((int) gap);
      while (skipped.hasRemaining() && source.read(skipped) > 0) {
        log.trace("Skipped to {}", source.position());
      }
    }
    if (source.position() != position) {
      source.position(position);
    }
    reading = true;
  }

  private void reopen(int attempt) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(WAIT_MILLIS << attempt);
      source.close();
    } catch (IOException | RuntimeException e) {
      log.debug("A broken channel of {} does not close", path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Cannot read %s: interrupted".formatted(path));
    }
    reading = false;
    source = RemoteStore.open(path);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isOpen() {
    return source.isOpen();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  @Override
  public int write(ByteBuffer bytes) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long length) {
    throw new NonWritableChannelException();
  }
}
