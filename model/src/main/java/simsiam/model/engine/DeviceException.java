package simsiam.model.engine;

/** A device that cannot do what it was given: out of memory, lost, or its driver too old. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
