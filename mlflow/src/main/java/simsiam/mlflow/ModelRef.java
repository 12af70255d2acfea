package simsiam.mlflow;

/**
 * A model, known before any server has it.
 *
 * @param run uid of the run that made it
 * @param name its name there
 */
public record ModelRef(String run, String name) {
  /** Its identity across servers. */
  public String uid() {
    return run + "/" + name;
  }
}
