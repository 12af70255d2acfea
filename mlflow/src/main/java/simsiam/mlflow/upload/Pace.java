package simsiam.mlflow.upload;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Keeps the thread that sends to a small share of one core, whatever there is to send: a training
 * beside it may use every core, and then waits for whichever of its threads was held up. After each
 * piece of work it rests in proportion to the processor time that the piece took.
 */
final class Pace {
  /** Of one core. */
  private static final double SHARE = 0.005;

  /** The threads of the HTTP client take up to twice as much as the one that asks. */
  private static final int WITH_CLIENT = 3;

  /** The longest rest, so that code not compiled yet does not hold up a first look at the page. */
  private static final Duration MOST = Duration.ofSeconds(5);

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long since;

  /** A piece of work begins in this thread. */
  void begin() {
    since = spent();
  }

  /** How long to rest after what was done since it began. */
  Duration rest() {
    double worked = WITH_CLIENT * (double) (spent() - since);
    return Duration.ofNanos((long) Math.min(worked / SHARE - worked, (double) MOST.toNanos()));
  }

  /** Processor time of this thread in ns; always 0 where the system does not tell. */
  private long spent() {
    return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : 0;
  }
}
