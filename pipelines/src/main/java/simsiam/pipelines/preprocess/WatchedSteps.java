package simsiam.pipelines.preprocess;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * The steps of a piece of work that may hang, in an order that is the same at every attempt. One
 * thread takes them; a {@link Watchdog} looks on from another.
 */
final class WatchedSteps {
  private final Set<Integer> hanging;
  private final Duration deadline;
  private final Duration grace;
  private int begun;
  private String name = "";
  private boolean busy;
  private boolean late;
  private boolean left;
  private long since;

  /**
   * @param hanging numbers of the steps that hung before
   * @param deadline of a step
   * @param grace for a step to end once it was interrupted
   */
  WatchedSteps(Set<Integer> hanging, Duration deadline, Duration grace) {
    this.hanging = Set.copyOf(hanging);
    this.deadline = deadline;
    this.grace = grace;
  }

  /** Steps at which nobody looks. */
  static WatchedSteps unwatched() {
    return new WatchedSteps(Set.of(), Watchdog.DEADLINE, Duration.ZERO);
  }

  Duration deadline() {
    return deadline;
  }

  /**
   * Does the next step.
   *
   * @param stepName for messages
   * @return empty if it hung before or is interrupted now for being late
   * @throws CancellationException if this attempt was left behind
   */
  <T> Optional<T> run(String stepName, Supplier<T> step) {
    if (!begin(stepName)) {
      return Optional.empty();
    }
    T result = step.get();
    return end() ? Optional.of(result) : Optional.empty();
  }

  private synchronized boolean begin(String stepName) {
    requireWanted();
    begun++;
    name = stepName;
    busy = !hanging.contains(begun);
    since = System.nanoTime();
    return busy;
  }

  private synchronized boolean end() {
    requireWanted();
    boolean inTime = !late;
    if (late) {
      Thread.interrupted(); // the step may not have noticed, and the next is not to
    }
    busy = false;
    late = false;
    return inTime;
  }

  private void requireWanted() {
    if (left) {
      throw new CancellationException("Left behind at " + name);
    }
  }

  /**
   * Interrupts the thread at work if its step is late.
   *
   * @return whether it goes on all the same; then this attempt is left behind
   */
  synchronized boolean stuck(Thread worker) {
    long elapsed = System.nanoTime() - since;
    if (!busy || elapsed < deadline.toNanos()) {
      return false;
    }
    if (!late) {
      late = true;
      worker.interrupt();
    }
    left = elapsed >= deadline.plus(grace).toNanos();
    return left;
  }

  /** Lets this attempt take no step to its end any more. */
  synchronized void abandon() {
    left = true;
  }

  /** How many were begun: the number of the last, counted from 1. */
  synchronized int begun() {
    return begun;
  }

  synchronized String name() {
    return name;
  }
}
