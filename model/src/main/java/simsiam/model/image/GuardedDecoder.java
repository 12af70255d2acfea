package simsiam.model.image;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes files that nobody has decoded before: one that makes the decoder hang or crash is
 * rejected like any other broken one. Decoding goes on in a thread of its own; one that is not done
 * by the deadline is interrupted, which ends its reading, and left behind. A thread that goes on
 * all the same cannot be stopped in Java; after {@value #MOST_STUCK} of them the work is given up,
 * since each holds a core. For one thread; a crash of native code, which ends the process, is out
 * of its reach.
 */
public final class GuardedDecoder implements AutoCloseable {
  /** Far beyond the few seconds that the largest image takes that is let through. */
  public static final Duration DEADLINE = Duration.ofSeconds(60);

  private static final Logger log = LoggerFactory.getLogger(GuardedDecoder.class);
  private static final int MOST_STUCK = 3;

  /** How bytes become an image. */
  @FunctionalInterface
  interface Decoding {
    RgbImage decode(byte[] bytes, String name) throws ImageRejectedException;
  }

  private final Decoding decoding;
  private final Duration deadline;
  private ExecutorService worker = worker();
  private int stuck;

  public GuardedDecoder() {
    this(new ImageDecoder()::decode, DEADLINE);
  }

  GuardedDecoder(Decoding decoding, Duration deadline) {
    this.decoding = decoding;
    this.deadline = deadline;
  }

  private static ExecutorService worker() {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, "decoder");
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Decodes one file.
   *
   * @param name of the file, for the message of a rejection alone
   * @throws ImageRejectedException if it is no whole image, or the decoder hangs or crashes on it
   * @throws IllegalStateException if too many decoders hang
   */
  public RgbImage decode(byte[] bytes, String name) throws ImageRejectedException {
    Future<RgbImage> result = worker.submit(() -> decoding.decode(bytes, name));
    try {
      return result.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw rejected(e.getCause(), name);
    } catch (TimeoutException e) {
      throw late(name);
    } catch (InterruptedException e) {
      worker.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Cannot decode image: expected to be left waiting, got an interrupt (%s)".formatted(name),
          e);
    }
  }

  /** An overflow of the stack and the like say something of the file; no memory does not. */
  private static ImageRejectedException rejected(Throwable cause, String name) {
    if (cause instanceof ImageRejectedException rejected) {
      return rejected;
    }
    if (cause instanceof StackOverflowError
        || cause instanceof InternalError
        || cause instanceof AssertionError) {
      return new ImageRejectedException(
          RejectReason.CORRUPT,
          "Cannot decode image: expected readable data, got a decoder that fails with %s (%s)"
              .formatted(cause, name),
          cause);
    }
    if (cause instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(
        "Cannot decode image: expected pixels, got %s (%s)".formatted(cause, name), cause);
  }

  private ImageRejectedException late(String name) {
    ExecutorService left = worker;
    worker = worker();
    left.shutdownNow();
    if (!ends(left)) {
      stuck++;
      log.warn("A decoder hangs and goes on in the background: {} ({} of them)", name, stuck);
    }
    if (stuck >= MOST_STUCK) {
      throw new IllegalStateException(
          "Cannot decode images: expected decoders to end, got %d that hang (last: %s)"
              .formatted(stuck, name));
    }
    return new ImageRejectedException(
        RejectReason.TIMED_OUT,
        "Cannot decode image: expected pixels within %d ms, got none (%s)"
            .formatted(deadline.toMillis(), name));
  }

  /** Whether the thread heeds its interruption soon. */
  private static boolean ends(ExecutorService left) {
    try {
      return left.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
