package simsiam.mlflow.rest;

import java.io.IOException;

/** What the server at hand can do, asked once. */
public final class ServerFeatures {
  private final Rest rest;
  private Boolean models;

  public ServerFeatures(Rest rest) {
    this.rest = rest;
  }

  /**
   * Whether it knows models as things of their own, as MLflow does from version 3. An answer that
   * is no answer of MLflow's is no proof of the contrary, unless the server is well otherwise.
   */
  public synchronized boolean hasModels(String experimentId)
      throws IOException, InterruptedException {
    if (models == null) {
      models = ask(experimentId);
    }
    return models;
  }

  private boolean ask(String experimentId) throws IOException, InterruptedException {
    try {
      rest.post(
          "2.0/mlflow/logged-models/search",
          "{\"experiment_ids\":[\"" + experimentId + "\"],\"max_results\":1}");
      return true;
    } catch (RejectedException e) {
      return e.status() != 404 && e.status() != 405;
    } catch (UnavailableException e) {
      if (e.status() != 404 && e.status() != 405) {
        throw e;
      }
      rest.probeApi();
      return false;
    }
  }
}
