package simsiam.model.load;

/** Thrown where a batch cannot be had; names the image at fault. */
public final class LoaderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LoaderException(String message, Throwable cause) {
    super(message, cause);
  }
}
