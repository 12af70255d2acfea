package simsiam.mlflow.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.SearchRuns;

/** Questions to the server about experiments and runs; all may be asked twice without harm. */
public record Queries(Rest rest) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST = 100;

  /**
   * The experiment's id; it is made if it does not exist, and restored if it was deleted, since
   * MLflow keeps the names of deleted experiments taken.
   */
  public String experimentId(String name)
      throws IOException, RejectedException, InterruptedException {
    Optional<JsonNode> known = experiment(name);
    if (known.isEmpty()) {
      try {
        return create(name);
      } catch (RejectedException e) {
        if (!e.code().equals("RESOURCE_ALREADY_EXISTS")) {
          throw e;
        }
        known = experiment(name); // made by another process since
      }
    }
    JsonNode experiment = known.orElseThrow(() -> new IOException("No experiment " + name));
    String id = experiment.path("experiment_id").asText();
    if (experiment.path("lifecycle_stage").asText().equals("deleted")) {
      post("experiments/restore", Map.of("experiment_id", id));
    }
    return id;
  }

  private Optional<JsonNode> experiment(String name)
      throws IOException, RejectedException, InterruptedException {
    return found("experiments/get-by-name?experiment_name=" + encode(name))
        .map(answer -> answer.path("experiment"));
  }

  private String create(String name) throws IOException, RejectedException, InterruptedException {
    String id = post("experiments/create", Map.of("name", name)).path("experiment_id").asText();
    post(
        "experiments/set-experiment-tag",
        Map.of(
            "experiment_id",
            id,
            "key",
            "mlflow.experimentKind",
            "value",
            "custom_model_development"));
    return id;
  }

  /** Runs with a tag, oldest first. */
  public List<RunInfo> runsTagged(String experimentId, String key, String value)
      throws IOException, RejectedException, InterruptedException {
    SearchRuns search =
        SearchRuns.newBuilder()
            .addExperimentIds(experimentId)
            .setFilter("tags.`" + key + "` = '" + value + "'")
            .setMaxResults(MOST)
            .addOrderBy("attributes.start_time ASC")
            .build();
    JsonNode answer = rest.post("2.0/mlflow/runs/search", Protos.print(search));
    return Protos.parse(answer, SearchRuns.Response.newBuilder()).getRunsList().stream()
        .map(run -> run.getInfo())
        .toList();
  }

  /** A run with its tags, inputs and outputs, or empty if the server does not know it. */
  public Optional<JsonNode> run(String runId)
      throws IOException, RejectedException, InterruptedException {
    return found("runs/get?run_id=" + encode(runId)).map(answer -> answer.path("run"));
  }

  private Optional<JsonNode> found(String question)
      throws IOException, RejectedException, InterruptedException {
    try {
      return Optional.of(rest.get("2.0/mlflow/" + question));
    } catch (RejectedException e) {
      if (e.isMissing() || e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private JsonNode post(String path, Map<String, String> fields)
      throws IOException, RejectedException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    fields.forEach(body::put);
    return rest.post("2.0/mlflow/" + path, body.toString());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
