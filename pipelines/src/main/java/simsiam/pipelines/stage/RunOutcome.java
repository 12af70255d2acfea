package simsiam.pipelines.stage;

/** How a stage or an invocation ended. */
public enum RunOutcome {
  FINISHED,
  FAILED,
  INTERRUPTED
}
