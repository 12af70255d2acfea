package simsiam.pipelines.stage.run;

/** A stage did not finish; the cause says why. */
public final class StageFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String stage;

  StageFailedException(String stage, Throwable cause) {
    super("Stage " + stage + " failed: " + cause.getMessage(), cause);
    this.stage = stage;
  }

  public String stage() {
    return stage;
  }
}
