package simsiam.mlflow;

/**
 * The run as the server knows it.
 *
 * @param ambiguousCreate whether a request to create the run failed without an answer, so that the
 *     server may have made a second, empty run for it
 */
public record RemoteRun(
    String runId, String experimentId, String artifactUri, boolean ambiguousCreate) {
  public RemoteRun {
    require("run_id", runId != null && !runId.isEmpty());
    require("experiment_id", experimentId != null && !experimentId.isEmpty());
    require("artifact_uri", artifactUri != null);
  }

  static void require(String name, boolean there) {
    if (!there) {
      throw new IllegalArgumentException("Cannot deliver: expected " + name + ", got none");
    }
  }
}
