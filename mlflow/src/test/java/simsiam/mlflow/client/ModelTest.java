package simsiam.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.tracking.MlflowClient;
import simsiam.mlflow.ModelOutput;
import simsiam.mlflow.ModelOutput.Registration;
import simsiam.mlflow.ModelRef;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.RunFolder;

/** Models at the real server: made once, with their files, figures and the runs that use them. */
class ModelTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final RealServer server = RealServer.get();

  /** A run that makes an encoder and one that measures it, logged without a server. */
  private void log(String name, String registered) throws Exception {
    Path weights = Files.write(folder.resolve("weights"), new byte[100_000]);
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(folder.resolve("spool")))) {
      ModelRef encoder = new ModelRef("pretrain-" + name, "encoder");
      // Named so that it is sent before the run whose model it uses.
      try (TrackedRun eval = tracking.startRun(RunRequest.of("a-knn-" + name, "models", "knn"))) {
        eval.modelInput(encoder);
        eval.modelMetric(encoder, "eval/knn_top1", 66.5, 0);
      }
      try (TrackedRun pretrain =
          tracking.startRun(RunRequest.of(encoder.run(), "models", "pretrain"))) {
        pretrain.metric("epoch/loss", -0.5, 1);
        pretrain.metric("epoch/loss", -0.8, 2);
        pretrain.model(
            new ModelOutput(
                "encoder",
                "encoder",
                60,
                Map.of("encoder.arch", "resnet18"),
                Map.of("weights", "encoder.safetensors"),
                Map.of("encoder.safetensors", weights),
                registered.isEmpty() ? Registration.NONE : new Registration(registered, "newest")));
        pretrain.modelMetric(encoder, "epoch/loss", -0.8, 2);
      }
    }
  }

  private void sync() throws Exception {
    FlushReport report =
        Sync.run(
            folder.resolve("spool"),
            ServerSource.fixed(server.address()),
            Duration.ofSeconds(30),
            trouble -> {});
    assertThat(report.isComplete()).as("%s", report).isTrue();
  }

  private Delivery delivery(String uid) {
    return new RunFolder(folder.resolve("spool").resolve(uid)).delivery(server.address().key());
  }

  private JsonNode get(String path) throws Exception {
    return new Rest(server.address(), Duration.ofSeconds(10)).get("2.0/mlflow/" + path);
  }

  private JsonNode run(String uid) throws Exception {
    return get("runs/get?run_id=" + delivery(uid).run().orElseThrow().runId()).path("run");
  }

  @Test
  void aModelIsTheOutputOfOneRunAndTheInputOfAnother() throws Exception {
    log("lineage", "");
    sync();

    String id = delivery("pretrain-lineage").model("encoder").orElseThrow().modelId();
    JsonNode model = get("logged-models/" + id).path("model");
    assertThat(model.at("/info/status").asText()).isEqualTo("LOGGED_MODEL_READY");
    assertThat(model.at("/info/source_run_id").asText())
        .isEqualTo(run("pretrain-lineage").at("/info/run_id").asText());
    assertThat(model.at("/data/params/0/value").asText()).isEqualTo("resnet18");
    Map<String, Double> metrics = new java.util.TreeMap<>();
    model
        .at("/data/metrics")
        .forEach(m -> metrics.put(m.path("key").asText(), m.path("value").asDouble()));
    assertThat(metrics).isEqualTo(Map.of("eval/knn_top1", 66.5, "epoch/loss", -0.8));
    assertThat(run("pretrain-lineage").at("/outputs/model_outputs").toString())
        .isEqualTo("[{\"model_id\":\"" + id + "\",\"step\":60}]");
    assertThat(run("a-knn-lineage").at("/inputs/model_inputs").toString())
        .isEqualTo("[{\"model_id\":\"" + id + "\"}]");
    assertThat(run("a-knn-lineage").at("/data/metrics/0/value").asDouble()).isEqualTo(66.5);
    String run = run("pretrain-lineage").at("/info/run_id").asText();
    assertThat(server.history(run, "epoch/loss")).isEqualTo(Map.of(1L, -0.5, 2L, -0.8));
    assertThat(files(id)).containsExactly("MLmodel", "encoder.safetensors 100000");
  }

  private List<String> files(String id) throws Exception {
    List<String> files = new ArrayList<>();
    for (JsonNode file : get("logged-models/" + id + "/artifacts/directories").path("files")) {
      String path = file.path("path").asText();
      files.add(path.equals("MLmodel") ? path : path + " " + file.path("file_size").asLong());
    }
    return files;
  }

  @Test
  void sendingAllOfItAgainChangesNothing() throws Exception {
    log("replay", "encoders");
    sync();
    String id = delivery("pretrain-replay").model("encoder").orElseThrow().modelId();
    for (String uid : List.of("a-knn-replay", "pretrain-replay")) {
      JsonNode before = run(uid);
      delivery(uid).forget(); // as if the disk had lost what was sent
      sync();
      assertThat(run(uid)).isEqualTo(before);
    }
    assertThat(delivery("pretrain-replay").model("encoder").orElseThrow().modelId()).isEqualTo(id);
    assertThat(versions("encoders")).containsExactly("1 newest");
    assertThat(files(id)).containsExactly("MLmodel", "encoder.safetensors 100000");
    assertThat(delivery("pretrain-replay").elsewhere()).isEmpty();
  }

  @Test
  void aSecondServerGetsTheWeightsAndTakesNoFileOfTheFirstForRefused() throws Exception {
    log("moved", "");
    Path plot = Files.write(folder.resolve("plot.png"), new byte[100]);
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(folder.resolve("spool")));
        TrackedRun pretrain =
            tracking.startRun(RunRequest.of("pretrain-moved", "models", "pretrain"))) {
      pretrain.artifact(plot, "plots");
    }
    try (FakeMlflow first = new FakeMlflow()) {
      FlushReport report =
          Sync.run(
              folder.resolve("spool"),
              ServerSource.fixed(first.address()),
              Duration.ofSeconds(30),
              trouble -> {});
      assertThat(report.isComplete()).as("%s", report).isTrue();
      assertThat(first.artifacts.keySet())
          .map(path -> path.substring(path.indexOf("artifacts/")))
          .containsExactly(
              "artifacts/encoder/MLmodel",
              "artifacts/encoder/encoder.safetensors",
              "artifacts/plots/plot.png");
    }

    sync();
    String id = delivery("pretrain-moved").model("encoder").orElseThrow().modelId();
    assertThat(files(id)).containsExactly("MLmodel", "encoder.safetensors 100000");
    assertThat(Sync.status(folder.resolve("spool"), server.address().id()))
        .map(row -> row.uid() + " " + row.waiting() + " " + row.quarantined() + row.elsewhere())
        .containsExactly("a-knn-moved 0 00", "pretrain-moved 0 01");
    assertThat(delivery("pretrain-moved").elsewhere())
        .singleElement()
        .asString()
        .contains("artifact plots/plot.png", "not kept after that");
  }

  @Test
  void aServerBeforeMlflow3HasTheModelAmongTheFilesOfItsRun() throws Exception {
    RealServer older = RealServer.Version.OLDER.server();
    log("older", "encoders");
    for (int i = 0; i < 2; i++) {
      FlushReport report =
          Sync.run(
              folder.resolve("spool"),
              ServerSource.fixed(older.address()),
              Duration.ofSeconds(30),
              trouble -> {});
      assertThat(report.isComplete()).as("%s", report).isTrue();
      assertThat(report.quarantined()).isZero();
    }
    Rest rest = new Rest(older.address(), Duration.ofSeconds(10));
    String id =
        new RunFolder(folder.resolve("spool/pretrain-older"))
            .delivery(older.address().key())
            .run()
            .orElseThrow()
            .runId();
    assertThat(rest.get("2.0/mlflow/artifacts/list?path=encoder&run_id=" + id).toString())
        .contains("\"path\":\"encoder/MLmodel\"")
        .contains("\"path\":\"encoder/encoder.safetensors\",\"is_dir\":false,\"file_size\":100000");
    assertThat(older.history(id, "epoch/loss")).isEqualTo(Map.of(1L, -0.5, 2L, -0.8));
    JsonNode version =
        rest.get("2.0/mlflow/registered-models/alias?name=encoders&alias=newest")
            .path("model_version");
    assertThat(version.path("version").asText()).isEqualTo("1");
    assertThat(version.path("run_id").asText()).isEqualTo(id);
  }

  @Test
  void theAliasGoesToTheNewestModelInWhateverOrderRunsAreSent() throws Exception {
    log("b-older", "ordered");
    Thread.sleep(5);
    log("z-newer", "ordered"); // sent first, by its name
    sync();
    assertThat(versions("ordered")).containsExactlyInAnyOrder("1 newest", "2 ");
  }

  /** Number and alias of each version. */
  private List<String> versions(String name) throws Exception {
    try (MlflowClient client = server.client()) {
      JsonNode model =
          JSON.readTree(client.sendGet("registered-models/get?name=" + name))
              .path("registered_model");
      List<String> versions = new ArrayList<>();
      JsonNode found =
          JSON.readTree(client.sendGet("model-versions/search?filter=name%3D%27" + name + "%27"));
      for (JsonNode version : found.path("model_versions")) {
        String number = version.path("version").asText();
        boolean newest =
            model.at("/aliases/0/alias").asText().equals("newest")
                && model.at("/aliases/0/version").asText().equals(number);
        versions.add(number + " " + (newest ? "newest" : ""));
      }
      return versions;
    }
  }
}
