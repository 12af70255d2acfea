package simsiam.pipelines.config;

import java.util.regex.Pattern;
import simsiam.model.config.Checks;
import simsiam.pipelines.redact.Redaction;

/**
 * Where runs are logged.
 *
 * @param uri {@code managed}: a server of our own on this workspace; else the address of an MLflow
 *     server
 * @param registerModel name under which the server's registry gets the encoder; empty: it does not
 * @param modelAlias alias that the registry gives to the newest encoder; empty: none
 */
public record TrackingSpec(
    Mode mode, String uri, String experiment, String registerModel, String modelAlias) {
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9_. -]{0,200}");
  private static final Pattern ALIAS =
      Pattern.compile("|(?!(?i)latest$|v\\d+$)[A-Za-z0-9_-]{1,200}");

  /** What may hold a secret, and what requests could not be appended to. */
  private static final Pattern USER_INFO_OR_QUERY = Pattern.compile("//[^/]*@|[?#]");

  public TrackingSpec {
    new Checks()
        .require(
            "uri",
            Redaction.text(uri),
            (uri.equals("managed") || uri.startsWith("http://") || uri.startsWith("https://"))
                && !USER_INFO_OR_QUERY.matcher(uri).find(),
            "managed, http://... or https://... without a query, credentials in MLFLOW_TRACKING_USERNAME and _PASSWORD, or _TOKEN")
        .require("experiment", experiment, !experiment.isBlank(), "a name")
        .require(
            "register_model",
            registerModel,
            MODEL.matcher(registerModel).matches(),
            "letters, digits, spaces and . _ -")
        .require(
            "model_alias",
            modelAlias,
            ALIAS.matcher(modelAlias).matches(),
            "letters, digits, _ and -, not latest or v1, which MLflow keeps for itself")
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
