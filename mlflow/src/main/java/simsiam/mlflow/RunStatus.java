package simsiam.mlflow;

/** How a run ended, in MLflow's terms. */
public enum RunStatus {
  /** Ended as planned. */
  FINISHED,
  /** Stopped by an error. */
  FAILED,
  /** Stopped from outside: Ctrl-C, a signal, or the process vanished. */
  KILLED
}
