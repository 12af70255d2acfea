package simsiam.pipelines.preprocess;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has work done in a thread of its own, so that a step that hangs, such as the decoding of a file
 * that nobody has decoded before, costs that step alone. One past its deadline is interrupted,
 * which ends its reading. If it goes on all the same, its thread is left behind, since Java cannot
 * stop it, and the work is done anew without that step; after {@value #MOST_STUCK} such threads the
 * work is given up, since each holds a core. A crash of native code, which ends the process, is out
 * of its reach.
 */
final class Watchdog {
  /** Far beyond the few seconds that the largest image takes that is let through. */
  static final Duration DEADLINE = Duration.ofSeconds(60);

  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
  private static final int MOST_STUCK = 3;
  private static final Set<Thread> STUCK = ConcurrentHashMap.newKeySet();

  /** What is to be done: the same at every attempt, and without effect until it returns. */
  @FunctionalInterface
  interface Work<T> {
    T run(WatchedSteps steps) throws IOException;
  }

  private final Duration deadline;
  private final Duration grace;

  Watchdog() {
    this(DEADLINE, Duration.ofSeconds(1));
  }

  Watchdog(Duration deadline, Duration grace) {
    this.deadline = deadline;
    this.grace = grace;
  }

  /**
   * Has the work done.
   *
   * @param progress told in this thread, now and then and at the end, how many more steps began
   * @throws IOException from the work
   * @throws IllegalStateException if too many threads hang, or this one is interrupted
   */
  <T> T watch(Work<T> work, IntConsumer progress) throws IOException {
    Set<Integer> hanging = new HashSet<>();
    int told = 0;
    while (true) {
      WatchedSteps steps = new WatchedSteps(hanging, deadline, grace);
      FutureTask<T> task = new FutureTask<>(() -> work.run(steps));
      Thread worker = new Thread(task, "prepare");
      worker.setDaemon(true);
      worker.start();
      do {
        Optional<T> result = await(task, worker, steps);
        int more = Math.max(0, steps.begun() - told);
        progress.accept(more);
        told += more;
        if (result.isPresent()) {
          return result.get();
        }
      } while (!steps.stuck(worker));
      hanging.add(steps.begun());
      leave(worker, steps.name());
    }
  }

  /** The result if it is there within a moment. */
  private <T> Optional<T> await(FutureTask<T> task, Thread worker, WatchedSteps steps)
      throws IOException {
    long moment = Math.max(1, Math.min(500, deadline.toMillis() / 4));
    try {
      return Optional.of(task.get(moment, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      // First, lest the worker take what its interruption does to a file for damage to the file.
      steps.abandon();
      worker.interrupt();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Cannot prepare images: expected to be left waiting, got an interrupt", e);
    }
  }

  private static IOException failure(Throwable cause) {
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return (IOException) cause; // work throws no other
  }

  private static void leave(Thread worker, String step) {
    STUCK.removeIf(thread -> !thread.isAlive());
    STUCK.add(worker);
    int stuck = STUCK.size();
    log.warn("A decoder hangs and goes on in the background: {} ({} of them)", step, stuck);
    if (stuck >= MOST_STUCK) {
      throw new IllegalStateException(
          "Cannot decode images: expected decoders to end, got %s that hang (last: %s)"
              .formatted(stuck, step));
    }
  }
}
