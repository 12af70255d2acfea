package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
 * A sweep of two values and two seeds, all stages of one value made before, as the real MLflow
 * server shows it after a second call.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrackedSweepTest {
  private static final String[] SHORT = {
    "dataset.limit=64", "train.epochs=1", "train.knn_every_epochs=1", "linear.epochs=1"
  };

  private TinyStudy study;
  private ManagedServer server;
  private Rest rest;
  private String second;
  private double secondSeconds;

  /** Runs by their tag {@code stage}, oldest first. */
  private final Map<String, List<JsonNode>> runs = new HashMap<>();

  @BeforeAll
  void sweep(@TempDir Path folder) throws Exception {
    try {
      Environment.ofUser(System.getenv()).ensure(System.err::println);
    } catch (NoServerException e) {
      Assumptions.abort("No MLflow server for this test: " + e.getMessage());
    }
    study = TinyStudy.in(folder);
    server = ManagedServer.in(study.at("sweep").resolve("mlflow"));
    run("run", study.folder().resolve("tiny.yaml").toString(), "seed=1");
    run("run", study.folder().resolve("tiny.yaml").toString(), "seed=2");
    String[] ablate = {
      "ablate",
      "--base",
      study.folder().resolve("tiny.yaml").toString(),
      "predictor.hidden=8,4",
      "seed=1,2",
      "tracking.mode=required"
    };
    String first = run(ablate);
    assertThat(first.lines().filter(line -> line.startsWith("begins")))
        .containsExactly(
            "begins    predictor.hidden=4 seed=1", "begins    predictor.hidden=4 seed=2");
    long begin = System.nanoTime();
    second = run(ablate);
    secondSeconds = (System.nanoTime() - begin) / 1e9;
    rest = new Rest(server.status().orElseThrow(), Duration.ofSeconds(30));
    ObjectNode search = JsonNodeFactory.instance.objectNode();
    search.putArray("experiment_ids").add("1");
    search.putArray("order_by").add("attributes.start_time ASC");
    JsonNode found = rest.post("2.0/mlflow/runs/search", search.toString());
    for (JsonNode run : found.path("runs")) {
      runs.computeIfAbsent(tag(run, "stage"), stage -> new ArrayList<>()).add(run);
    }
  }

  private String run(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("workspace=" + study.at("sweep"));
    all.addAll(List.of(SHORT));
    try (SimsiamProcess process =
        SimsiamProcess.start(study.folder(), all.toArray(String[]::new))) {
      assertThat(process.exitCode()).as(process.output()).isZero();
      return process.output();
    }
  }

  @AfterAll
  void stop() throws Exception {
    if (server != null) {
      server.stop();
    }
  }

  private static String id(JsonNode run) {
    return run.at("/info/run_id").asText();
  }

  private static String value(JsonNode run, String kind, String key) {
    for (JsonNode entry : run.at("/data/" + kind)) {
      if (entry.path("key").asText().equals(key)) {
        return entry.path("value").asText();
      }
    }
    return "";
  }

  private static String tag(JsonNode run, String key) {
    return value(run, "tags", key);
  }

  private static double metric(JsonNode run, String key) {
    return Double.parseDouble(value(run, "metrics", key));
  }

  private static Set<String> keys(JsonNode run, String kind) {
    Set<String> keys = new TreeSet<>();
    run.at("/data/" + kind).forEach(entry -> keys.add(entry.path("key").asText()));
    return keys;
  }

  @Test
  void theSweepsPageIsItsTableAndLeadsToEachRun() {
    assertThat(runs.get("sweep")).hasSize(1);
    JsonNode sweep = runs.get("sweep").get(0);
    assertThat(sweep.at("/info/status").asText()).isEqualTo("FINISHED");
    assertThat(tag(sweep, "sweep.id")).isEqualTo("grid-tiny");
    assertThat(value(sweep, "params", "predictor.hidden")).isEqualTo("8");
    String page = tag(sweep, "mlflow.note.content");
    assertThat(page).contains("4 points, 4 done").contains("| predictor.hidden&emsp; | n&emsp; |");
    runs.get("group").forEach(run -> assertThat(page).contains("/runs/" + id(run) + ")"));
    points().forEach(run -> assertThat(page).contains("/runs/" + id(run) + ")"));
  }

  private List<JsonNode> points() {
    return runs.get("pipeline").stream().filter(run -> !tag(run, "sweep.point").isEmpty()).toList();
  }

  @Test
  void eachPointHasOneRunAlsoWhereNothingHadToRun() throws Exception {
    List<JsonNode> points = points();
    assertThat(points)
        .extracting(run -> run.at("/info/run_name").asText())
        .containsExactlyInAnyOrder(
            "predictor.hidden=8 seed=1",
            "predictor.hidden=8 seed=2",
            "predictor.hidden=4 seed=1",
            "predictor.hidden=4 seed=2");
    for (JsonNode point : points) {
      String name = point.at("/info/run_name").asText();
      assertThat(tag(point, "mlflow.parentRunId")).isEqualTo(id(runs.get("sweep").get(0)));
      assertThat(point.at("/info/status").asText()).isEqualTo("FINISHED");
      assertThat(tag(point, "sweep.id")).isEqualTo("grid-tiny");
      assertThat(
              "predictor.hidden="
                  + tag(point, "sweep.axis.predictor.hidden")
                  + " seed="
                  + tag(point, "sweep.axis.seed"))
          .isEqualTo(name);
      assertThat(value(point, "params", "predictor.hidden"))
          .isEqualTo(tag(point, "sweep.axis.predictor.hidden"));
      assertThat(keys(point, "tags")).noneMatch(key -> key.startsWith("resumed."));
      assertThat(tag(point, "failure")).isEmpty();
      // The same metrics as a pipeline's run, each once.
      assertThat(keys(point, "metrics")).isEqualTo(keys(runs.get("pipeline").get(0), "metrics"));
      assertThat(
              rest.get(
                      "2.0/mlflow/metrics/get-history?metric_key=eval%2Fknn_top1&run_id="
                          + id(point))
                  .path("metrics"))
          .hasSize(1);
    }
  }

  @Test
  void theStagesOfAPointAreBelowItsRun() {
    Set<String> worked = new TreeSet<>();
    for (JsonNode point : points()) {
      if (tag(point, "sweep.axis.predictor.hidden").equals("4")) {
        worked.add(id(point));
      }
    }
    Set<String> parents = new TreeSet<>();
    for (JsonNode run : runs.get("pretrain")) {
      parents.add(tag(run, "mlflow.parentRunId"));
    }
    assertThat(worked).hasSize(2);
    assertThat(runs.get("pretrain")).hasSize(4); // those of the runs before, too
    assertThat(parents).hasSize(4).containsAll(worked);
  }

  @Test
  void aGroupHasMeanAndDeviationOverItsSeeds() {
    assertThat(runs.get("group")).hasSize(2);
    for (JsonNode group : runs.get("group")) {
      String hidden = tag(group, "sweep.axis.predictor.hidden");
      assertThat(tag(group, "sweep.group")).isEqualTo("predictor.hidden=" + hidden);
      double[] seeds =
          points().stream()
              .filter(run -> tag(run, "sweep.axis.predictor.hidden").equals(hidden))
              .mapToDouble(run -> metric(run, "eval/knn_top1"))
              .toArray();
      assertThat(metric(group, "n")).isEqualTo(2);
      assertThat(metric(group, "eval/knn_top1")).isEqualTo((seeds[0] + seeds[1]) / 2);
      assertThat(metric(group, "eval/knn_top1_std"))
          .isCloseTo(Math.abs(seeds[0] - seeds[1]) / Math.sqrt(2), within(1e-9));
    }
  }

  @Test
  void theSecondCallTellsWhereThePageIsAtOnce() {
    assertThat(second)
        .contains("mlflow: http://", id(runs.get("sweep").get(0)))
        .doesNotContain("Tracking:");
    assertThat(secondSeconds).isLessThan(10); // far less on a machine that is free
  }
}
