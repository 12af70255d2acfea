package simsiam.model.image.codec;

import java.io.IOException;

/**
 * Thrown for bytes that cannot be decoded to a whole image; says why in a closed set of reasons.
 */
public final class ImageRejectedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;

  ImageRejectedException(RejectReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  ImageRejectedException(RejectReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public RejectReason reason() {
    return reason;
  }
}
