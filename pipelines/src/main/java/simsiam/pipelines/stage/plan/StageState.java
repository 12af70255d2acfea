package simsiam.pipelines.stage.plan;

import java.util.Locale;

/** What a plan has for a stage. */
public enum StageState {
  /** Its output is there. */
  CACHED,
  /** It runs. */
  RUN,
  /** Its output is there, and it runs all the same because the user says so. */
  FORCED,
  /** It cannot run, as an output it reads is neither there nor about to be made. */
  BLOCKED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
