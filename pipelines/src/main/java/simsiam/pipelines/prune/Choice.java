package simsiam.pipelines.prune;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What the user wants to be rid of. Nothing given: only what killed processes have left.
 *
 * @param runs names of runs, or of their folders
 * @param sweeps names of sweeps, or of their folders; their points' runs go with them
 * @param olderThan of all that is named, or of everything if nothing is, only what was not used
 *     since
 * @param keepLast runs of each name that stay, the newest
 */
public record Choice(
    Set<String> runs, Set<String> sweeps, Optional<Duration> olderThan, int keepLast) {
  public Choice {
    runs = Set.copyOf(runs);
    sweeps = Set.copyOf(sweeps);
    if (keepLast < 0) {
      throw new IllegalArgumentException(
          "Cannot prune: expected a number of runs to keep of 0 or more, got " + keepLast);
    }
  }

  /** Whether runs or sweeps are named. */
  boolean names() {
    return !runs.isEmpty() || !sweeps.isEmpty();
  }

  /** Whether runs are chosen at all. */
  boolean any() {
    return names() || olderThan.isPresent() || keepLast > 0;
  }
}
