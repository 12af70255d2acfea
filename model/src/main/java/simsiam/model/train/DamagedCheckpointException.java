package simsiam.model.train;

import java.nio.file.Path;

/** A checkpoint is not as it was written. */
public final class DamagedCheckpointException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String problem;

  /**
   * @param problem {@code expected ..., got ...}
   */
  DamagedCheckpointException(String problem, Path folder, Throwable cause) {
    super("Cannot read checkpoint: %s (%s)".formatted(problem, folder), cause);
    this.problem = problem;
  }

  DamagedCheckpointException(String message) {
    super(message);
    this.problem = message;
  }

  String problem() {
    return problem;
  }
}
