package simsiam.pipelines.cli.console;

/** A command that cannot be carried out as it was asked; nothing has been done. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
