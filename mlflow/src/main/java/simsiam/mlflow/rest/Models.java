package simsiam.mlflow.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simsiam.mlflow.RemoteModel;
import simsiam.mlflow.RemoteRun;

/**
 * Models of a server of MLflow 3. Each carries our own identity of it as a tag, by which it is
 * found before it is made a second time.
 */
public record Models(Rest rest, Queries queries) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "2.0/mlflow/logged-models";
  private static final String UID_TAG = "model.uid";
  private static final int MOST_PARAMS = 100;

  /** The models of an identity: one, or more if a request to make it was carried out late. */
  public List<RemoteModel> find(String experimentId, String uid)
      throws IOException, RejectedException, InterruptedException {
    ObjectNode search = JSON.createObjectNode();
    search.putArray("experiment_ids").add(experimentId);
    search.put("filter", "tags.`" + UID_TAG + "` = '" + uid + "'").put("max_results", MOST_PARAMS);
    List<RemoteModel> found = new ArrayList<>();
    for (JsonNode model : rest.post(API + "/search", search.toString()).path("models")) {
      found.add(remote(model));
    }
    return List.copyOf(found);
  }

  /** Makes a model that waits for its files. */
  public RemoteModel create(
      RemoteRun run, String uid, String name, String type, Map<String, String> params)
      throws IOException, RejectedException, InterruptedException {
    ObjectNode request = JSON.createObjectNode();
    request.put("experiment_id", run.experimentId()).put("name", name).put("model_type", type);
    request.put("source_run_id", run.runId());
    request.putArray("tags").addObject().put("key", UID_TAG).put("value", uid);
    ArrayNode all = request.putArray("params");
    params.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .limit(MOST_PARAMS)
        .forEach(p -> all.addObject().put("key", p.getKey()).put("value", p.getValue()));
    return remote(rest.post(API, request.toString()).path("model"));
  }

  /** Notes that a run made a model, unless that was noted before. */
  public void output(RemoteRun run, RemoteModel model, long step)
      throws IOException, RejectedException, InterruptedException {
    Optional<JsonNode> known = queries.run(run.runId());
    for (JsonNode output :
        known.map(r -> r.path("outputs").path("model_outputs")).orElse(JSON.createArrayNode())) {
      if (output.path("model_id").asText().equals(model.modelId())) {
        return;
      }
    }
    ObjectNode request = JSON.createObjectNode().put("run_id", run.runId());
    request.putArray("models").addObject().put("model_id", model.modelId()).put("step", step);
    rest.post("2.0/mlflow/runs/outputs", request.toString());
  }

  /** Notes that a run works with a model; noting it again changes nothing. */
  public void input(RemoteRun run, RemoteModel model)
      throws IOException, RejectedException, InterruptedException {
    ObjectNode request = JSON.createObjectNode().put("run_id", run.runId());
    request.putArray("models").addObject().put("model_id", model.modelId());
    rest.post("2.0/mlflow/runs/log-inputs", request.toString());
  }

  /** Logs values of a run that also measure a model; logging them again changes nothing. */
  public void measure(
      RemoteRun run, RemoteModel model, long time, long step, Map<String, Double> values)
      throws IOException, RejectedException, InterruptedException {
    ObjectNode request = JSON.createObjectNode().put("run_id", run.runId());
    ArrayNode metrics = request.putArray("metrics");
    values.forEach(
        (key, value) ->
            metrics
                .addObject()
                .put("key", key)
                .put("value", value)
                .put("timestamp", time)
                .put("step", step)
                .put("model_id", model.modelId()));
    rest.post("2.0/mlflow/runs/log-batch", request.toString());
  }

  /** Says that all files are there, and deletes whatever else has the same identity. */
  public void ready(RemoteRun run, RemoteModel model, String uid)
      throws IOException, RejectedException, InterruptedException {
    ObjectNode request = JSON.createObjectNode().put("model_id", model.modelId());
    rest.patch(API + "/" + model.modelId(), request.put("status", "LOGGED_MODEL_READY").toString());
    for (RemoteModel twin : find(run.experimentId(), uid)) {
      if (!twin.modelId().equals(model.modelId())) {
        rest.delete(API + "/" + twin.modelId());
      }
    }
  }

  private static RemoteModel remote(JsonNode model) throws IOException {
    String id = model.path("info").path("model_id").asText();
    if (id.isEmpty()) {
      throw new IOException("Cannot read a model: expected its id, got " + model);
    }
    return new RemoteModel(id, model.path("info").path("artifact_uri").asText());
  }
}
