package simsiam.pipelines.sweep;

import java.io.IOException;
import java.util.OptionalInt;

/** Something at work on one point. */
public interface Child {
  /** The exit code, as of a process of a shell; empty while it is at work. */
  OptionalInt exit();

  /** Asks it to save what it has and end. */
  void terminate();

  /**
   * Waits for its end.
   *
   * @return whether it came
   */
  boolean await(long millis) throws InterruptedException;

  /** Ends it at once. */
  void kill();

  /** What puts children to work. */
  interface Starter {
    /**
     * Puts a child to work on what a point lacks.
     *
     * @param slot number of the child among those at work, from 0
     */
    Child start(PlannedPoint point, PointFolder folder, int slot) throws IOException;
  }
}
