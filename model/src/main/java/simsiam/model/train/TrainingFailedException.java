package simsiam.model.train;

/**
 * Training cannot go on: its loss is not a number, its device fails, or it collapsed and was told
 * to stop then.
 */
public final class TrainingFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingFailedException(String message) {
    super(message);
  }

  public TrainingFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
