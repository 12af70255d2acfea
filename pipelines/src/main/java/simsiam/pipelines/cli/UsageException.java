package simsiam.pipelines.cli;

/** A command that cannot be carried out as it was asked; nothing has been done. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
