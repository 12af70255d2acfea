package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.rest.NoServerException;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.server.Environment;
import simsiam.mlflow.server.ManagedServer;

/**
 * A study killed in the middle, continued, and a failed one, as the real MLflow server shows it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrackedStudyTest {
  private static final String WORKSPACE = "tracked";
  private static final String LIVE = "tracking.mode=required";
  private static final List<String> STAGES =
      List.of("preprocess", "shard", "pretrain", "features", "knn", "probe", "linear", "report");

  private ManagedServer server;
  private Rest rest;

  /** Runs by their tag {@code stage}, oldest first. */
  private final Map<String, List<JsonNode>> runs = new HashMap<>();

  @BeforeAll
  void study(@TempDir Path folder) throws Exception {
    try {
      Environment.ofUser(System.getenv()).ensure(System.err::println);
    } catch (NoServerException e) {
      Assumptions.abort("No MLflow server for this test: " + e.getMessage());
    }
    TinyStudy study = TinyStudy.in(folder);
    server = ManagedServer.in(study.at(WORKSPACE).resolve("mlflow"));
    try (SimsiamProcess run = study.start("run", WORKSPACE, LIVE)) {
      run.await(
              () ->
                  study.unfinished(WORKSPACE, "pretrain").stream()
                      .anyMatch(file -> file.matches("checkpoints/step-\\d+/state.json")))
          .kill();
    }
    try (SimsiamProcess run = study.start("run", WORKSPACE, LIVE)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
    try (SimsiamProcess run = study.start("run", WORKSPACE, LIVE, "train.base_lr=1e30")) {
      assertThat(run.exitCode()).as(run.output()).isEqualTo(3);
    }
    rest = new Rest(server.status().orElseThrow(), Duration.ofSeconds(30));
    ObjectNode search = JsonNodeFactory.instance.objectNode();
    search.putArray("experiment_ids").add("1");
    search.putArray("order_by").add("attributes.start_time ASC");
    for (JsonNode run : post("runs/search", search).path("runs")) {
      runs.computeIfAbsent(tag(run, "stage"), stage -> new ArrayList<>())
          .add(get("runs/get?run_id=" + id(run)).path("run"));
    }
  }

  @AfterAll
  void stop() throws Exception {
    if (server != null) {
      server.stop();
    }
  }

  private JsonNode get(String path) throws Exception {
    return rest.get("2.0/mlflow/" + path);
  }

  private JsonNode post(String path, JsonNode body) throws Exception {
    return rest.post("2.0/mlflow/" + path, body.toString());
  }

  private static String id(JsonNode run) {
    return run.at("/info/run_id").asText();
  }

  private static String tag(JsonNode run, String key) {
    for (JsonNode tag : run.at("/data/tags")) {
      if (tag.path("key").asText().equals(key)) {
        return tag.path("value").asText();
      }
    }
    return "";
  }

  private List<Long> steps(JsonNode run, String metric) throws Exception {
    List<Long> steps = new ArrayList<>();
    get("metrics/get-history?run_id=" + id(run) + "&metric_key=" + metric)
        .path("metrics")
        .forEach(point -> steps.add(point.path("step").asLong()));
    return steps;
  }

  @Test
  void aKilledTrainingGoesOnInItsRunAndItsCurvesHaveEachPointOnce() throws Exception {
    assertThat(runs.get("pretrain")).hasSize(2); // one killed and continued, one failed
    JsonNode pretrain = runs.get("pretrain").get(0);
    assertThat(pretrain.at("/info/status").asText()).isEqualTo("FINISHED");
    assertThat(steps(pretrain, "step%2Floss"))
        .isEqualTo(LongStream.rangeClosed(1, 4 * TinyStudy.STEPS_PER_EPOCH).boxed().toList());
    assertThat(steps(pretrain, "epoch%2Floss")).containsExactly(1L, 2L, 3L, 4L);
    for (String monitor : List.of("knn_top1", "online_probe_top1", "rank_me", "alignment")) {
      assertThat(steps(pretrain, "epoch%2F" + monitor)).as(monitor).containsExactly(0L, 2L, 4L);
    }
    assertThat(runs.get("pipeline").get(0).at("/info/status").asText()).isEqualTo("KILLED");
    assertThat(tag(runs.get("pipeline").get(0), "failure")).contains("without closing the run");
  }

  @Test
  void theRunsPageLeadsToThePagesOfItsStages() {
    JsonNode parent = runs.get("pipeline").get(1);
    String page = tag(parent, "mlflow.note.content");
    assertThat(parent.at("/info/status").asText()).isEqualTo("FINISHED");
    assertThat(page).contains("| kNN top-1 |").doesNotContain("run:");
    for (String stage : STAGES) {
      String run = id(runs.get(stage).get(0));
      assertThat(page).contains("[" + stage + "](#/experiments/1/runs/" + run + ")");
    }
    assertThat(parent.at("/inputs/dataset_inputs/0/dataset/name").asText())
        .isEqualTo("fashion_mnist");
  }

  @Test
  void everyRunHasAllParametersAndTheStagesAreNested() {
    JsonNode parent = runs.get("pipeline").get(1);
    for (String stage : STAGES.subList(3, 8)) {
      JsonNode run = runs.get(stage).get(0);
      assertThat(run.at("/data/params").size()).isEqualTo(parent.at("/data/params").size());
      assertThat(tag(run, "mlflow.parentRunId")).isEqualTo(id(parent));
    }
    assertThat(parent.at("/data/params").size()).isGreaterThan(60);
  }

  @Test
  void theEncoderIsTheOutputOfPretrainingAndTheInputOfItsEvaluations() throws Exception {
    JsonNode outputs = runs.get("pretrain").get(0).at("/outputs/model_outputs");
    assertThat(outputs).hasSize(1);
    String model = outputs.at("/0/model_id").asText();
    for (String stage : List.of("features", "knn", "probe", "linear")) {
      assertThat(runs.get(stage).get(0).at("/inputs/model_inputs/0/model_id").asText())
          .as(stage)
          .isEqualTo(model);
    }
    List<String> figures = new ArrayList<>();
    get("logged-models/" + model)
        .at("/model/data/metrics")
        .forEach(metric -> figures.add(metric.path("key").asText()));
    assertThat(figures)
        .contains("epoch/loss", "eval/knn_top1", "eval/probe_top1", "eval/linear_top1");
  }

  @Test
  void picturesFollowTheEpochs() throws Exception {
    JsonNode files =
        get("artifacts/list?path=images&run_id=" + id(runs.get("pretrain").get(0))).path("files");
    List<String> names = new ArrayList<>();
    files.forEach(file -> names.add(file.path("path").asText().replaceAll("\\+timestamp.*", "")));
    List<String> expected = new ArrayList<>(List.of("images/views+step+0"));
    IntStream.of(0, 2, 4)
        .forEach(
            epoch ->
                List.of("spectrum", "embedding", "neighbours")
                    .forEach(key -> expected.add("images/" + key + "+step+" + epoch)));
    assertThat(names.stream().distinct()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(names).hasSize(2 * expected.size()); // each with its thumbnail
  }

  @Test
  void aFailureIsToldOnBothPages() {
    JsonNode pretrain = runs.get("pretrain").get(1);
    assertThat(pretrain.at("/info/status").asText()).isEqualTo("FAILED");
    assertThat(tag(pretrain, "failure")).startsWith("Cannot go on training: expected a finite");
    assertThat(tag(pretrain, "mlflow.note.content")).startsWith("**Failed**");
    JsonNode parent = runs.get("pipeline").get(2);
    assertThat(parent.at("/info/status").asText()).isEqualTo("FAILED");
    assertThat(tag(parent, "failure")).startsWith("Stage pretrain failed: ");
    assertThat(tag(parent, "mlflow.note.content")).contains("Stage pretrain failed: ");
  }
}
