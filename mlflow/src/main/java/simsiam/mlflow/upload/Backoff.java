package simsiam.mlflow.upload;

import java.time.Duration;
import java.util.random.RandomGenerator;
import simsiam.mlflow.rest.UnavailableException;

/**
 * How long to leave a failing server alone: from half a second, doubled with each failure, up to 30
 * seconds, each time shortened at random by up to a half so that many clients do not come back
 * together. From a failure to the next success the circuit is open: before anything is sent again,
 * a probe must be answered.
 */
final class Backoff {
  private static final long FIRST_MS = 500;
  private static final int DOUBLINGS = 6;

  private final long maxMs;
  private final RandomGenerator random;
  private int failures;

  Backoff(Duration max, RandomGenerator random) {
    this.maxMs = max.toMillis();
    this.random = random;
  }

  /** Counts a failure and returns the time to wait. */
  Duration failed(Exception cause) {
    failures++;
    long full = Math.min(maxMs, FIRST_MS << Math.min(failures - 1, DOUBLINGS));
    long jittered = full / 2 + random.nextLong(full / 2 + 1);
    long asked =
        cause instanceof UnavailableException unavailable ? unavailable.retryAfter().toMillis() : 0;
    // A server that asks for an hour is asked again earlier: a probe costs it nothing.
    return Duration.ofMillis(Math.max(jittered, Math.min(asked, 2 * maxMs)));
  }

  void succeeded() {
    failures = 0;
  }

  boolean isOpen() {
    return failures > 0;
  }

  int failures() {
    return failures;
  }
}
