package simsiam.pipelines.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.client.RunRequest;
import simsiam.mlflow.client.TrackedRun;
import simsiam.mlflow.client.Tracking;
import simsiam.mlflow.client.TrackingSettings;

class SpoolOutboxTest {
  private static final Duration PATIENCE = Duration.ofMillis(300);

  @TempDir private Path workspace;
  private final List<String> notes = new ArrayList<>();
  private String nobody;

  @BeforeEach
  void findAPortWhereNobodyListens() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  private SpoolOutbox outbox(String uri) {
    return new SpoolOutbox(
        new TrackingServer(workspace, uri, Map.of("XDG_CACHE_HOME", workspace + "/cache")),
        PATIENCE);
  }

  private void track(String uid) throws Exception {
    Path spool = workspace.resolve("tracking");
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(spool))) {
      TrackedRun run = tracking.startRun(RunRequest.of(uid, "e", "n").withParams(Map.of("a", "1")));
      run.metric("m", 0.5, 1);
      run.close(RunStatus.FINISHED);
    }
  }

  @Test
  void withoutRunsThereIsNothingToSendAndNoServerIsAsked() throws Exception {
    assertThat(outbox(nobody).status()).isEmpty();

    Shipment shipment = outbox(nobody).send(notes::add);

    assertThat(shipment).isEqualTo(new Shipment(nobody, 0, 0, 0, 0, 0, List.of(), ""));
    assertThat(notes).isEmpty();
  }

  @Test
  void statusCountsWhatWaitsOfEachRun() throws Exception {
    track("run-b");
    track("run-a");

    List<Outbox.Row> rows = outbox(nobody).status();

    assertThat(rows).extracting(Outbox.Row::run).containsExactly("run-a", "run-b");
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.waiting()).isEqualTo(row.entries()).isPositive();
              assertThat(row.refused()).isZero();
            });
  }

  @Test
  void whatNobodyTakesIsCountedAndKept() throws Exception {
    track("run-a");
    long entries = outbox(nobody).status().get(0).entries();

    Shipment shipment = outbox(nobody).send(notes::add);

    assertThat(shipment.isComplete()).isFalse();
    assertThat(shipment.waiting()).isEqualTo(entries);
    assertThat(shipment.sent()).isZero();
    assertThat(shipment.trouble()).isNotEmpty();
    assertThat(outbox(nobody).status().get(0).waiting()).isEqualTo(entries);
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    assertThatThrownBy(() -> outbox("localhost").status())
        .hasMessage(
            "Cannot use a tracking server: expected http://host or https://host, got localhost");
  }

  @Test
  void theTrackerIsDescribedWithoutStartingIt() throws Exception {
    assertThat(new TrackerStatus(outbox(TrackingServer.MANAGED).server()).describe())
        .startsWith("MLflow 3.18.0 not installed")
        .endsWith("; nothing spooled");
    track("run-a");
    long entries = outbox(nobody).status().get(0).entries();

    assertThat(new TrackerStatus(outbox(nobody).server()).describe())
        .isEqualTo(
            nobody + " (MLFLOW_TRACKING_URI); %d of %d entries of 1 run wait", entries, entries);
    assertThat(workspace.resolve("cache")).doesNotExist();
    assertThat(workspace.resolve("mlflow")).doesNotExist();
  }
}
