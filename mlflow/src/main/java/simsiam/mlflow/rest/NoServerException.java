package simsiam.mlflow.rest;

import java.io.IOException;

/** There is no tracking server and asking again will not help; the message says what would. */
public final class NoServerException extends IOException {
  private static final long serialVersionUID = 1;

  public NoServerException(String message) {
    super(message);
  }

  public NoServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
