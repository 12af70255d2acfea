package simsiam.mlflow.client;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What identifies and describes a run when it is started.
 *
 * @param uid the run's identity across processes: starting a run with the uid of an earlier one
 *     continues it. Letters, digits and {@code . _ : -}, at most 200
 * @param experiment name of the experiment, made if it does not exist
 * @param name the run's name in the list of runs
 * @param parentUid uid of the run under which this one is nested, or empty
 * @param tags initial tags
 * @param params parameters; MLflow never lets a parameter change
 * @param description Markdown shown on the run's page, or empty
 */
public record RunRequest(
    String uid,
    String experiment,
    String name,
    String parentUid,
    Map<String, String> tags,
    Map<String, String> params,
    String description) {
  private static final Pattern UID = Pattern.compile("[A-Za-z0-9._:-]{1,200}");

  public RunRequest {
    if (!isUid(uid)) {
      throw new IllegalArgumentException(
          "Cannot start a run: expected a uid of 1 to 200 letters, digits and . _ : -, got '"
              + uid
              + "'");
    }
    tags = Map.copyOf(tags);
    params = Map.copyOf(params);
  }

  /** Whether a text can be the uid of a run. */
  public static boolean isUid(String text) {
    return UID.matcher(text).matches();
  }

  /** A run without parent, tags, parameters or description. */
  public static RunRequest of(String uid, String experiment, String name) {
    return new RunRequest(uid, experiment, name, "", Map.of(), Map.of(), "");
  }

  /** The same, nested under another run. */
  public RunRequest under(String parent) {
    return new RunRequest(uid, experiment, name, parent, tags, params, description);
  }

  /** The same with these tags. */
  public RunRequest withTags(Map<String, String> newTags) {
    return new RunRequest(uid, experiment, name, parentUid, newTags, params, description);
  }

  /** The same with these parameters. */
  public RunRequest withParams(Map<String, String> newParams) {
    return new RunRequest(uid, experiment, name, parentUid, tags, newParams, description);
  }

  /** The same with this Markdown description. */
  public RunRequest withDescription(String markdown) {
    return new RunRequest(uid, experiment, name, parentUid, tags, params, markdown);
  }
}
