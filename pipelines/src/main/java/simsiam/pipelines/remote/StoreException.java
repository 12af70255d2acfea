package simsiam.pipelines.remote;

import java.io.IOException;

/**
 * A store that does not answer or refuses: nothing is known of the file that was asked for. The
 * message has the cause in it.
 */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
