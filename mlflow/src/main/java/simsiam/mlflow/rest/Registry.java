package simsiam.mlflow.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import simsiam.mlflow.ModelOutput.Registration;
import simsiam.mlflow.RemoteModel;
import simsiam.mlflow.RemoteRun;

/**
 * The registry of models. A version carries our own identity of the model and the time it was
 * logged, so that it is made once, and so that an alias never goes back to an older model, in
 * whatever order runs are sent.
 */
public record Registry(Rest rest) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "2.0/mlflow/";
  private static final String UID_TAG = "model.uid";
  private static final String TIME_TAG = "model.logged_ms";
  private static final Pattern TIME = Pattern.compile("\\d{1,18}");

  /**
   * Registers a model.
   *
   * @param time when it was logged, in ms since the epoch
   */
  public void register(
      Registration registration, RemoteRun run, RemoteModel model, String uid, long time)
      throws IOException, RejectedException, InterruptedException {
    makeModel(registration.model());
    String name = registration.model();
    Optional<JsonNode> known = version(name, run, uid);
    JsonNode version = known.isPresent() ? known.get() : create(name, run, model, uid, time);
    if (!registration.alias().isEmpty() && isNewest(name, registration.alias(), time)) {
      ObjectNode request = JSON.createObjectNode().put("name", name);
      request.put("alias", registration.alias()).put("version", version.path("version").asText());
      rest.post(API + "registered-models/alias", request.toString());
    }
  }

  private void makeModel(String name) throws IOException, RejectedException, InterruptedException {
    try {
      String request = JSON.createObjectNode().put("name", name).toString();
      rest.post(API + "registered-models/create", request);
    } catch (RejectedException e) {
      if (!e.code().equals("RESOURCE_ALREADY_EXISTS")) {
        throw e;
      }
    }
  }

  private Optional<JsonNode> version(String name, RemoteRun run, String uid)
      throws IOException, RejectedException, InterruptedException {
    String filter = "name = '%s' and run_id = '%s'".formatted(name, run.runId());
    JsonNode found = rest.get(API + "model-versions/search?filter=" + encode(filter));
    for (JsonNode version : found.path("model_versions")) {
      if (tag(version, UID_TAG).equals(uid)) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  private JsonNode create(String name, RemoteRun run, RemoteModel model, String uid, long time)
      throws IOException, RejectedException, InterruptedException {
    ObjectNode request = JSON.createObjectNode().put("name", name).put("run_id", run.runId());
    request.put("source", model.artifactUri());
    if (!model.modelId().isEmpty()) {
      request.put("model_id", model.modelId());
    }
    request
        .putArray("tags")
        .add(JSON.createObjectNode().put("key", UID_TAG).put("value", uid))
        .add(JSON.createObjectNode().put("key", TIME_TAG).put("value", Long.toString(time)));
    return rest.post(API + "model-versions/create", request.toString()).path("model_version");
  }

  /** Whether no later model has the alias. */
  private boolean isNewest(String name, String alias, long time)
      throws IOException, RejectedException, InterruptedException {
    try {
      JsonNode holder =
          rest.get(
              API + "registered-models/alias?name=" + encode(name) + "&alias=" + encode(alias));
      String since = tag(holder.path("model_version"), TIME_TAG);
      // A tag that is no time was not set here, and says nothing of when.
      return !TIME.matcher(since).matches() || Long.parseLong(since) <= time;
    } catch (RejectedException e) {
      return true; // No version has it, which servers tell in more than one way.
    }
  }

  private static String tag(JsonNode version, String key) {
    for (JsonNode tag : version.path("tags")) {
      if (tag.path("key").asText().equals(key)) {
        return tag.path("value").asText();
      }
    }
    return "";
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
