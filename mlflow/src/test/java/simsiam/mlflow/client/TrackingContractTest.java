package simsiam.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.spool.FlushReport;

/** What is logged against what the real server has. */
class TrackingContractTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everythingLoggedIsOnTheServer(RealServer.Version version) throws Exception {
    RealServer server = version.server();
    try (Tracking tracking = Tracking.open(RealServer.settings(folder, server.address()))) {
      TrackedRun parent = tracking.startRun(RunRequest.of("p1", "contract", "pipeline"));
      TrackedRun run =
          tracking.startRun(
              RunRequest.of("c1", "contract", "pretrain")
                  .under("p1")
                  .withParams(Map.of("train.base_lr", "0.03"))
                  .withTags(Map.of("stage", "pretrain"))
                  .withDescription("# what was run"));
      for (int step = 0; step < 2500; step++) {
        run.metrics(Map.of("step/loss", -step / 1e4, "step/output_std", 0.5 + step), step);
      }
      run.metric("odd", Double.NaN, 0);
      run.metric("odd", Double.POSITIVE_INFINITY, 1);
      run.metric("odd", Double.NEGATIVE_INFINITY, 2);
      run.dataset(
          new DatasetInput(
              "cifar10", "a".repeat(64), "local", "{\"uri\":\"x\"}", "", "{\"n\":5}", "train"));
      Path text = Files.writeString(folder.resolve("a b+cä.txt"), "hello");
      run.artifact(text, "docs");
      Files.writeString(text, "changed after it was logged");
      run.close(RunStatus.FINISHED);
      parent.close(RunStatus.FAILED);
      FlushReport report = tracking.flush(RealServer.SOON);
      assertThat(report.isComplete()).as("%s", report).isTrue();

      String id = runId(tracking, "c1");
      assertThat(server.history(id, "step/loss")).hasSize(2500).containsEntry(2499L, -0.2499);
      assertThat(server.history(id, "step/output_std")).hasSize(2500);
      assertThat(server.history(id, "odd").get(0L)).isNaN();
      try (MlflowClient client = server.client()) {
        Run sent = client.getRun(id);
        assertThat(sent.getInfo().getStatus().name()).isEqualTo("FINISHED");
        assertThat(client.getRun(runId(tracking, "p1")).getInfo().getStatus().name())
            .isEqualTo("FAILED");
        assertThat(sent.getData().getParamsList())
            .anyMatch(p -> p.getKey().equals("train.base_lr") && p.getValue().equals("0.03"));
        assertThat(tags(sent))
            .containsEntry("stage", "pretrain")
            .containsEntry("mlflow.note.content", "# what was run")
            .containsEntry("mlflow.parentRunId", runId(tracking, "p1"));
        assertThat(client.sendGet("artifacts/list?path=docs&run_id=" + id))
            .contains("\"path\": \"docs/a b+c\\u00e4.txt\"", "\"file_size\": 5");
        String json = client.sendGet("runs/get?run_id=" + id);
        assertThat(json).contains("\"dataset_inputs\"", "\"digest\": \"" + "a".repeat(32) + "\"");
      }
    }
  }

  private static Map<String, String> tags(Run run) {
    return run.getData().getTagsList().stream()
        .collect(java.util.stream.Collectors.toMap(RunTag::getKey, RunTag::getValue));
  }

  static String runId(Tracking tracking, String uid) throws IOException {
    String url = tracking.url(uid).orElseThrow();
    return url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
  }
}
