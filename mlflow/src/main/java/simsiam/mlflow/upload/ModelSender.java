package simsiam.mlflow.upload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import simsiam.mlflow.ModelRef;
import simsiam.mlflow.RemoteModel;
import simsiam.mlflow.RemoteRun;
import simsiam.mlflow.rest.ArtifactStore;
import simsiam.mlflow.rest.Models;
import simsiam.mlflow.rest.Registry;
import simsiam.mlflow.rest.RejectedException;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.Entry;

/**
 * Makes the models of one run at a server: as models of MLflow 3, or as folders with an {@code
 * MLmodel} among the run's artifacts where the server is older. Every step may be taken again.
 */
record ModelSender(RemoteRun run, String runUid, Delivery delivery, Connection connection) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HISTORY = "mlflow.log-model.history";

  private Models models() {
    return new Models(connection.rest(), connection.queries());
  }

  private String uid(String name) {
    return new ModelRef(runUid, name).uid();
  }

  /** Makes the model, which then waits for its files. */
  void make(Entry.Model entry) throws IOException, RejectedException, InterruptedException {
    if (!connection.features().hasModels(run.experimentId())) {
      delivery.created(entry.name(), new RemoteModel("", run.artifactUri() + "/" + entry.name()));
      return;
    }
    List<RemoteModel> made = models().find(run.experimentId(), uid(entry.name()));
    RemoteModel model =
        made.isEmpty()
            ? models().create(run, uid(entry.name()), entry.name(), entry.type(), entry.params())
            : made.get(0);
    models().output(run, model, entry.step());
    delivery.created(entry.name(), model);
  }

  /** Completes the model once its files are there. */
  void ready(Entry.ModelReady entry, RemoteModel model, long time)
      throws IOException, RejectedException, InterruptedException {
    boolean classic = model.modelId().isEmpty();
    String uid = uid(entry.name());
    String path = classic ? entry.name() : model.artifactUri();
    Path file = Files.createTempFile("model", "");
    try {
      Files.writeString(file, ModelFile.of(path, model, run, uid, time, entry.flavor()));
      ArtifactStore.of(model.artifactUri(), connection.rest()).put(file, ModelFile.NAME);
    } finally {
      Files.delete(file);
    }
    if (classic) {
      note(entry, uid, time);
    } else {
      models().ready(run, model, uid);
    }
    if (entry.registration().isWanted()) {
      new Registry(connection.rest()).register(entry.registration(), run, model, uid, time);
    }
  }

  /** Lists the model on the page of its run, unless it is there. */
  private void note(Entry.ModelReady entry, String uid, long time)
      throws IOException, RejectedException, InterruptedException {
    Optional<JsonNode> known = connection.queries().run(run.runId());
    for (JsonNode tag : known.map(r -> r.path("data").path("tags")).orElse(JSON.nullNode())) {
      if (tag.path("key").asText().equals(HISTORY)
          && tag.path("value").asText().contains('"' + uid + '"')) {
        return;
      }
    }
    ObjectNode model = JSON.createObjectNode().put("artifact_path", entry.name());
    model.put("run_id", run.runId()).put("model_uuid", uid);
    model.put("utc_time_created", ModelFile.utc(time));
    ObjectNode flavor = model.putObject("flavors").putObject(ModelFile.FLAVOR);
    entry.flavor().forEach(flavor::put);
    ObjectNode request = JSON.createObjectNode().put("run_id", run.runId());
    connection
        .rest()
        .post("2.0/mlflow/runs/log-model", request.put("model_json", model.toString()).toString());
  }
}
