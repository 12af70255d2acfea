package simsiam.mlflow;

/**
 * A model as the server knows it.
 *
 * @param modelId empty at a server before MLflow 3, which has models as artifacts only
 * @param artifactUri where its files go
 */
public record RemoteModel(String modelId, String artifactUri) {
  public RemoteModel {
    RemoteRun.require("model_id", modelId != null);
    RemoteRun.require("artifact_uri", artifactUri != null && !artifactUri.isEmpty());
  }
}
