package simsiam.pipelines.config;

import simsiam.model.config.Checks;

/**
 * Where runs are logged.
 *
 * @param uri {@code managed}: a server of our own on this workspace; else the address of an MLflow
 *     server
 */
public record TrackingSpec(Mode mode, String uri, String experiment) {
  public TrackingSpec {
    new Checks()
        .require(
            "uri",
            uri,
            uri.equals("managed") || uri.startsWith("http://") || uri.startsWith("https://"),
            "managed, http://... or https://...")
        .require("experiment", experiment, !experiment.isBlank(), "a name")
        .done();
  }

  /** How much a run depends on its tracking server. */
  public enum Mode {
    /** Log if the server can be had, else spool. */
    AUTO,
    /** Fail at the start if the server cannot be had. */
    REQUIRED,
    /** Spool only. */
    OFFLINE
  }
}
