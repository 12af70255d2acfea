package simsiam.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.mlflow.client.FakeMlflow.Reply;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.upload.UploadLimits;

/** How the uploader takes what a server answers. */
class UploadTest {
  private static final UploadLimits QUICK =
      new UploadLimits(Duration.ofSeconds(10), Duration.ofMillis(50));
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private FakeMlflow server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeMlflow();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Tracking open() throws Exception {
    return Tracking.open(
        new TrackingSettings(
            folder,
            TrackingMode.AUTO,
            ServerSource.fixed(server.address()),
            Duration.ofSeconds(1),
            QUICK));
  }

  private static TrackedRun start(Tracking tracking) throws IOException {
    return tracking.startRun(RunRequest.of("u", "e", "run"));
  }

  @Test
  void batchesStayWithinTheServersLimits() throws Exception {
    try (Tracking tracking = open()) {
      TrackedRun run = start(tracking);
      Map<String, String> params = new LinkedHashMap<>();
      for (int i = 0; i < 300; i++) {
        params.put("p" + i, "<\"ü>".repeat(1000));
      }
      run.params(params);
      Map<String, Double> wide = new LinkedHashMap<>();
      for (int i = 0; i < 250; i++) {
        wide.put("m" + i, 1.0 * i);
      }
      for (int step = 0; step < 20; step++) {
        run.metrics(wide, step);
        run.tag("best", "v" + step);
      }
      run.close();
      FlushReport report = tracking.flush(LIMIT);
      assertThat(report.isComplete()).as("%s", report).isTrue();
      assertThat(server.only().params).hasSize(300);
      assertThat(server.only().points).hasSize(250 * 20).doesNotHaveDuplicates();
      assertThat(server.only().tags).containsEntry("best", "v19");
      assertThat(server.only().statuses).containsExactly("FINISHED");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 401, 403})
  void passingTroubleIsRetriedAndNothingIsQuarantined(int status) throws Exception {
    AtomicInteger failures = new AtomicInteger();
    server.fault(
        (path, body) ->
            path.equals("mlflow/runs/log-batch") && failures.incrementAndGet() <= 3
                ? Optional.of(Reply.of(status, "<html>not now</html>"))
                : Optional.empty());
    try (Tracking tracking = open()) {
      TrackedRun run = start(tracking);
      run.metric("loss", 1, 1);
      run.close();
      FlushReport report = tracking.flush(LIMIT);
      assertThat(report.isComplete()).as("%s", report).isTrue();
      assertThat(server.only().points).hasSize(1);
      assertThat(failures.get()).isEqualTo(4);
    }
  }

  @Test
  void aRefusedHostNameIsTurnedIntoAdvice() throws Exception {
    server.fault(
        (path, body) ->
            path.equals("/health")
                ? Optional.empty()
                : Optional.of(Reply.of(403, "Invalid Host header - possible DNS rebinding")));
    try (Tracking tracking = open()) {
      start(tracking).metric("loss", 1, 1);
      FlushReport report = tracking.flush(Duration.ofSeconds(3));
      assertThat(report.spooled()).isEqualTo(2);
      assertThat(report.quarantined()).isZero();
      assertThat(report.trouble())
          .contains(
              "the server does not accept the host name 127.0.0.1; start it with --allowed-hosts"
                  + " 127.0.0.1:");
    }
  }

  @Test
  void anAnswerThatIsNotMlflowsIsNoVerdictOnTheData() throws Exception {
    AtomicInteger garbage = new AtomicInteger();
    server.fault(
        (path, body) ->
            path.equals("mlflow/runs/log-batch") && garbage.incrementAndGet() <= 4
                ? Optional.of(Reply.of(garbage.get() % 2 == 0 ? 200 : 404, "<html>login</html>"))
                : Optional.empty());
    try (Tracking tracking = open()) {
      TrackedRun run = start(tracking);
      run.metric("loss", 1, 1);
      run.close();
      assertThat(tracking.flush(LIMIT).isComplete()).isTrue();
      assertThat(server.only().points).hasSize(1);
    }
  }

  @Test
  void aRefusedValueIsQuarantinedAloneWithItsReason() throws Exception {
    try (Tracking tracking = open()) {
      TrackedRun run = start(tracking);
      for (int step = 0; step < 500; step++) {
        run.metric(step == 123 ? "bad//name" : "loss", step, step);
      }
      run.close();
      FlushReport report = tracking.flush(LIMIT);
      assertThat(report.quarantined()).isEqualTo(1);
      assertThat(report.spooled()).isZero();
      assertThat(server.only().points.stream().distinct()).hasSize(499);
      assertThat(new RunFolder(folder.resolve("u")).delivery(server.address().key()).refused())
          .singleElement()
          .asString()
          .contains("\"seq\":124", "metric bad//name = 123.0 at 123", "bad metric name");
    }
  }

  @Test
  void aCreateWhoseAnswerWasLostMakesNoSecondRun() throws Exception {
    AtomicInteger creates = new AtomicInteger();
    server.fault(
        (path, body) ->
            path.equals("mlflow/runs/create") && creates.incrementAndGet() == 1
                ? Optional.of(new Reply(502, "bad gateway", true))
                : Optional.empty());
    try (Tracking tracking = open()) {
      TrackedRun run = start(tracking);
      run.metric("loss", 1, 1);
      run.close();
      assertThat(tracking.flush(LIMIT).isComplete()).isTrue();
      assertThat(creates).hasValue(1);
      assertThat(server.only().points).hasSize(1);
    }
  }

  @Test
  void aCreateCarriedOutLateLeavesNoTwin() throws Exception {
    AtomicInteger searches = new AtomicInteger();
    server.fault(
        (path, body) -> {
          if (path.equals("mlflow/runs/create") && server.runs.isEmpty()) {
            return Optional.of(new Reply(504, "gateway timeout", true));
          }
          boolean blind = path.equals("mlflow/runs/search") && searches.incrementAndGet() <= 2;
          return blind ? Optional.of(Reply.of(200, "{}")) : Optional.empty();
        });
    try (Tracking tracking = open()) {
      TrackedRun run = start(tracking);
      run.metric("loss", 1, 1);
      run.close();
      assertThat(tracking.flush(LIMIT).isComplete()).isTrue();
      assertThat(server.calls).contains("mlflow/runs/delete");
      assertThat(server.only().points).hasSize(1);
      assertThat(server.only().statuses).containsExactly("FINISHED");
    }
  }

  @Test
  void aRunThatTheServerLostIsSentAnew() throws Exception {
    try (Tracking tracking = open()) {
      TrackedRun run = start(tracking);
      run.metric("loss", 1, 1);
      assertThat(tracking.flush(LIMIT).isComplete()).isTrue();
      server.loseEverything();
      run.metric("loss", 2, 2);
      run.close();
      assertThat(tracking.flush(LIMIT).isComplete()).isTrue();
      assertThat(server.only().points).hasSize(2);
      assertThat(server.only().statuses).containsExactly("FINISHED");
    }
  }

  @Test
  void aRunDeletedByAUserIsGivenUp() throws Exception {
    server.fault(
        (path, body) ->
            path.equals("mlflow/runs/log-batch")
                ? Optional.of(FakeMlflow.rejected("The run u must be in the 'active' state."))
                : Optional.empty());
    try (Tracking tracking = open()) {
      TrackedRun run = start(tracking);
      for (int step = 0; step < 300; step++) {
        run.metric("loss", 1, step);
      }
      run.close();
      FlushReport report = tracking.flush(LIMIT);
      assertThat(report.spooled()).isZero();
      assertThat(report.quarantined()).isPositive();
      assertThat(server.calls.stream().filter("mlflow/runs/log-batch"::equals).count())
          .isLessThan(10);
    }
  }

  @Test
  void anArtifactCutShortIsSentAgain() throws Exception {
    AtomicInteger uploads = new AtomicInteger();
    server.fault(
        (path, body) ->
            path.endsWith("model.bin") && uploads.incrementAndGet() == 1
                ? Optional.of(Reply.of(200, "{}"))
                : Optional.empty());
    Path file = Files.write(folder.resolve("model.bin"), new byte[100_000]);
    try (Tracking tracking = open()) {
      TrackedRun run = start(tracking);
      run.artifact(file, "");
      Files.delete(file);
      run.close();
      assertThat(tracking.flush(LIMIT).isComplete()).isTrue();
      assertThat(uploads).hasValue(2);
      assertThat(server.artifacts.values())
          .singleElement()
          .satisfies(b -> assertThat(b).hasSize(100_000));
      assertThat(folder.resolve("u/files")).isEmptyDirectory();
    }
  }

  @Test
  void aContinuedRunDrawsEachPointOnce() throws Exception {
    try (Tracking tracking = open();
        TrackedRun run = start(tracking)) {
      run.params(Map.of("lr", "0.1"));
      for (int step = 0; step < 50; step++) {
        run.metric("loss", step, step);
      }
    }
    try (Tracking tracking = open()) {
      TrackedRun run = start(tracking);
      assertThat(run.lastStep("loss")).isEqualTo(49);
      run.params(Map.of("lr", "0.1"));
      for (int step = 30; step < 80; step++) {
        run.metric("loss", step, step);
      }
      run.close();
      assertThat(tracking.flush(LIMIT).isComplete()).isTrue();
      assertThat(server.only().points).hasSize(80);
      assertThat(server.only().statuses).containsExactly("FINISHED", "RUNNING", "FINISHED");
    }
  }

  @Test
  void theTokenIsSentAndNeverShown() throws Exception {
    assertThat(server.address().toString()).doesNotContain("secret");
  }

  @Test
  void requiredModeFailsWithTheReasonWhenThereIsNoServer() throws Exception {
    ServerSource gone = ServerSource.fixed(server.address());
    server.close();
    TrackingSettings settings =
        new TrackingSettings(folder, TrackingMode.REQUIRED, gone, Duration.ofMillis(500), QUICK);
    assertThatThrownBy(() -> Tracking.open(settings))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Cannot track: expected a tracking server within 0 s")
        .hasMessageContaining("Cannot reach http://127.0.0.1");
  }

  @Test
  void whatWasSpooledOfflineIsSyncedOnce() throws Exception {
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(folder))) {
      TrackedRun run = start(tracking);
      run.metric("loss", 1, 1);
      run.close();
      FlushReport report = tracking.flush(LIMIT);
      assertThat(report.spooled()).isEqualTo(3);
    }
    assertThat(Sync.status(folder, server.address().id()))
        .containsExactly(new Sync.Row("u", 3, 3, 0, 0, ""));
    for (int i = 0; i < 2; i++) {
      FlushReport report =
          Sync.run(
              folder, ServerSource.fixed(server.address()), Duration.ofSeconds(5), trouble -> {});
      assertThat(report.sent()).isEqualTo(3);
    }
    assertThat(server.only().points).hasSize(1);
    assertThat(Sync.status(folder, server.address().id()))
        .containsExactly(new Sync.Row("u", 3, 0, 0, 0, ""));
  }
}
