package simsiam.mlflow.rest;

import java.io.IOException;
import java.time.Duration;

/** The server could not serve a request now, which says nothing about the request. */
public final class UnavailableException extends IOException {
  private static final long serialVersionUID = 1;
  private final Duration retryAfter;

  public UnavailableException(String message) {
    this(message, Duration.ZERO);
  }

  public UnavailableException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** How long the server asks to be left alone; zero if it did not say. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
