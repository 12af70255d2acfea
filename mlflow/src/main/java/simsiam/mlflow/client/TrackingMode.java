package simsiam.mlflow.client;

/** How much a run depends on its tracking server. */
public enum TrackingMode {
  /** Send when the server can be had, spool all the same. */
  AUTO,
  /** Fail at the start if the server cannot be had; spool through later outages. */
  REQUIRED,
  /** Spool only. */
  OFFLINE
}
