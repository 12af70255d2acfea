package simsiam.mlflow.rest;

import java.io.IOException;
import java.time.Duration;

/** The server could not serve a request now, which says nothing about the request. */
public final class UnavailableException extends IOException {
  private static final long serialVersionUID = 1;
  private final int status;
  private final Duration retryAfter;

  public UnavailableException(String message) {
    this(message, 0, Duration.ZERO);
  }

  public UnavailableException(String message, Throwable cause) {
    this(message);
    initCause(cause);
  }

  public UnavailableException(String message, int status, Duration retryAfter) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** HTTP status, or 0 if that is not what is wrong. */
  public int status() {
    return status;
  }

  /** How long the server asks to be left alone; zero if it did not say. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
