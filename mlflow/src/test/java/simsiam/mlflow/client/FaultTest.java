package simsiam.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.upload.UploadLimits;

/** A run logged to the real server while everything between them breaks, in every order. */
class FaultTest {
  private static final UploadLimits QUICK =
      new UploadLimits(Duration.ofSeconds(5), Duration.ofMillis(200));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyPointArrivesExactlyOnceWhateverHappensOnTheWay(RealServer.Version version)
      throws Exception {
    RealServer server = version.server();
    Path picture = Files.write(folder.resolve("weights.bin"), new byte[3_000_000]);
    try (FaultProxy proxy = new FaultProxy(server.address());
        Tracking tracking = open(proxy)) {
      proxy.mode(FaultProxy.Mode.REFUSE);
      TrackedRun run =
          tracking.startRun(
              RunRequest.of("faults", "faults", "run").withParams(Map.of("a", "1", "b", "2")));
      long step = 0;
      for (FaultProxy.Mode mode : shuffled()) {
        proxy.mode(mode);
        for (long end = System.nanoTime() + 400_000_000L; System.nanoTime() < end; step++) {
          run.metrics(Map.of("step/loss", 1.0 / (step + 1), "step/output_std", 2.0 * step), step);
          Thread.sleep(2);
        }
        run.artifact(picture, "at/" + step);
      }
      run.close();
      proxy.mode(FaultProxy.Mode.PASS);
      FlushReport report = tracking.flush(Duration.ofMinutes(1));
      assertThat(report.isComplete()).as("%s", report).isTrue();
      assertThat(proxy.faults()).isGreaterThan(10);
      String id = TrackingContractTest.runId(tracking, "faults");
      check(server, id, step);
    }
  }

  private static void check(RealServer server, String id, long steps) throws Exception {
    Map<Long, Double> loss = server.history(id, "step/loss");
    Map<Long, Double> std = server.history(id, "step/output_std");
    assertThat(loss).hasSize((int) steps);
    assertThat(std).hasSize((int) steps);
    loss.forEach((step, value) -> assertThat(value).isEqualTo(1.0 / (step + 1)));
    std.forEach((step, value) -> assertThat(value).isEqualTo(2.0 * step));
    try (MlflowClient client = server.client()) {
      assertThat(client.getRun(id).getInfo().getStatus().name()).isEqualTo("FINISHED");
      assertThat(client.getRun(id).getData().getParamsCount()).isEqualTo(2);
      String experiment = client.getRun(id).getInfo().getExperimentId();
      assertThat(client.searchRuns(List.of(experiment), "", ViewType.ACTIVE_ONLY, 10).getItems())
          .hasSize(1);
      assertThat(client.sendGet("artifacts/list?path=at&run_id=" + id).split("is_dir", -1))
          .hasSize(1 + 2 * FaultProxy.Mode.values().length);
    }
  }

  private Tracking open(FaultProxy proxy) throws Exception {
    return Tracking.open(
        new TrackingSettings(
            folder.resolve("spool"),
            TrackingMode.AUTO,
            ServerSource.fixed(proxy.address()),
            Duration.ZERO,
            QUICK));
  }

  /** Every mode twice, each time followed by a moment of service. */
  private static List<FaultProxy.Mode> shuffled() {
    List<FaultProxy.Mode> modes = new ArrayList<>(List.of(FaultProxy.Mode.values()));
    Collections.addAll(modes, FaultProxy.Mode.values());
    Collections.shuffle(modes, new Random(5));
    return modes;
  }
}
