package simsiam.pipelines.sweep;

import java.io.IOException;
import java.util.OptionalInt;

/** Something at work on one point. */
public interface Child {
  /** The exit code, as of a process of a shell; empty while it is at work, or if it is lost. */
  OptionalInt exit() throws IOException;

  /**
   * Whether the machine is gone on which it was at work, or what started it there. Nothing is known
   * about the point then, and another child goes on with it.
   */
  default boolean isLost() throws IOException {
    return false;
  }

  /** The machine on which it is at work; empty: this one. */
  default String machine() {
    return "";
  }

  /** Asks it to save what it has and end. */
  void terminate() throws IOException;

  /**
   * Waits for its end.
   *
   * @return whether it came
   */
  boolean await(long millis) throws IOException, InterruptedException;

  /** Ends it at once. */
  void kill() throws IOException;

  /** There is no machine any more that could take a child. */
  final class NoMachineException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoMachineException(String message) {
      super(message);
    }
  }

  /** What puts children to work. */
  interface Starter extends AutoCloseable {
    /**
     * Puts a child to work on what a point lacks.
     *
     * @param slot number of the child among those at work, from 0
     */
    Child start(PlannedPoint point, PointFolder folder, int slot) throws IOException;

    /**
     * Whether there is a machine for one more child at the moment.
     *
     * @throws NoMachineException if there will be none any more
     */
    default boolean isReady() throws IOException {
      return true;
    }

    /** Lets go of the machines; no child is at work any more. */
    @Override
    default void close() throws IOException {}
  }
}
