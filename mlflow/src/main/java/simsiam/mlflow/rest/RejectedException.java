package simsiam.mlflow.rest;

/** The server understood a request and will never accept it; sending it again is pointless. */
public final class RejectedException extends Exception {
  private static final long serialVersionUID = 1;
  private final int status;
  private final String code;

  public RejectedException(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** MLflow's error code, e.g. {@code RESOURCE_DOES_NOT_EXIST}, or empty. */
  public String code() {
    return code;
  }

  /** Whether the thing addressed is not there. */
  public boolean isMissing() {
    return code.equals("RESOURCE_DOES_NOT_EXIST");
  }
}
