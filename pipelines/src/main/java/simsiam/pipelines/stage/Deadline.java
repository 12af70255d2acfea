package simsiam.pipelines.stage;

import java.time.Duration;

/**
 * The moment by which all parts of a process that was told to end are to be done, one after the
 * other or side by side.
 *
 * @param nanoTime of {@link System#nanoTime}
 */
public record Deadline(long nanoTime) {
  /** Systems kill a process 30 s after SIGTERM; two of them are for getting out. */
  private static final Duration GRACE = Duration.ofSeconds(28);

  /** For a process that was sent SIGTERM or SIGINT just now. */
  public static Deadline ofSignal() {
    return in(GRACE);
  }

  public static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** An earlier one, which leaves this much to others. */
  public Deadline before(Duration reserve) {
    return new Deadline(nanoTime - reserve.toNanos());
  }

  /** What is left; zero once it is over. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }
}
