package simsiam.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.rest.NoServerException;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.server.Environment;
import simsiam.mlflow.server.ManagedServer;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.JournalReader;
import simsiam.mlflow.spool.Located;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.upload.UploadLimits;

/**
 * A training that goes on while its server is killed, stopped, started again, and its network fails
 * in every way, at random. {@code -Dfaults.minutes=4} makes it longer.
 */
class OutageTest {
  private static final Logger LOG = LoggerFactory.getLogger(OutageTest.class);
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("faults.minutes", "0.1"));
  private static final UploadLimits QUICK =
      new UploadLimits(Duration.ofSeconds(3), Duration.ofMillis(500));

  @TempDir Path folder;
  private final Random random = new Random(Long.getLong("faults.seed", 7));
  private final AtomicBoolean training = new AtomicBoolean(true);
  private final Map<String, Integer> outages = new TreeMap<>();

  /** A point as both sides tell it. */
  private record Point(String key, long step, long time, double value) {}

  @Test
  void everyPointOfTheJournalIsOnTheServerOnce() throws Exception {
    int port = RealServer.freePort();
    ManagedServer server = server(port);
    try (FaultProxy network = new FaultProxy(start(server));
        Tracking tracking =
            Tracking.open(
                new TrackingSettings(
                    folder.resolve("spool"),
                    TrackingMode.AUTO,
                    ServerSource.fixed(network.address()),
                    Duration.ZERO,
                    QUICK))) {
      TrackedRun run = tracking.startRun(RunRequest.of("outages", "outages", "run"));
      Thread trainer = new Thread(() -> train(run), "trainer");
      trainer.start();
      long end = System.nanoTime() + (long) (MINUTES * 60e9);
      while (System.nanoTime() < end) {
        outage(server, network);
      }
      training.set(false);
      trainer.join();
      run.close();
      network.mode(FaultProxy.Mode.PASS);
      start(server);
      FlushReport report = tracking.flush(Duration.ofMinutes(3));
      assertThat(report.isComplete()).as("%s", report).isTrue();
      assertThat(start(server).uri().getPort()).as("port of the server").isEqualTo(port);
      compare(start(server));
    } finally {
      server.stop();
    }
  }

  private ManagedServer server(int port) {
    return new ManagedServer(
        folder.resolve("server"), Environment.ofUser(System.getenv()), "127.0.0.1", port);
  }

  private static ServerAddress start(ManagedServer server) throws Exception {
    try {
      return server.start(LOG::info);
    } catch (NoServerException e) {
      Assumptions.abort("No MLflow server for this test: " + e.getMessage());
      throw e;
    }
  }

  private void train(TrackedRun run) {
    try {
      Path picture = Files.write(folder.resolve("picture"), new byte[20_000]);
      for (long step = 0; training.get(); step++) {
        run.metric("step/loss", -1.0 / (step + 1), step);
        run.metrics(Map.of("step/output_std", 0.1 * step, "step/lr", Double.NaN), step);
        if (step % 100 == 99) {
          run.metric("epoch/loss", 0.5 * step, step / 100);
          run.tag("epoch", "" + step / 100);
          run.artifact(picture, "epoch/" + step / 100);
        }
        Thread.sleep(4);
      }
    } catch (Exception e) {
      LOG.error("The training was disturbed", e);
      throw new IllegalStateException(e);
    }
  }

  /** One thing goes wrong for a while, and mostly comes right again. */
  private void outage(ManagedServer server, FaultProxy network) throws Exception {
    int kind = outages.isEmpty() ? 0 : random.nextInt(10);
    if (kind == 0) {
      // The first process alone leaves the others behind, as the system's memory killer does.
      boolean whole = outages.containsKey("killed") && random.nextBoolean();
      count(whole ? "killed whole" : "killed");
      signal(server, "KILL", whole);
      pause(2000);
      start(server);
    } else if (kind == 1) {
      count("hung");
      signal(server, "STOP", true);
      pause(6000);
      signal(server, "CONT", true);
    } else {
      FaultProxy.Mode[] modes = FaultProxy.Mode.values();
      FaultProxy.Mode mode = modes[random.nextInt(modes.length)];
      count(mode.name());
      network.mode(mode);
      pause(2500);
      if (random.nextInt(3) > 0) {
        network.mode(FaultProxy.Mode.PASS);
        pause(1500);
      }
    }
  }

  private void count(String outage) {
    outages.merge(outage, 1, Integer::sum);
  }

  private void pause(int most) throws InterruptedException {
    Thread.sleep(200 + random.nextInt(most));
  }

  /** Sends a signal to the server's first process, or to all. */
  private static void signal(ManagedServer server, String name, boolean all) throws Exception {
    List<ProcessHandle> processes = server.processes();
    assertThat(processes).isNotEmpty();
    for (ProcessHandle process : all ? processes : processes.subList(0, 1)) {
      new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
      if (name.equals("KILL")) {
        process.onExit().get(10, TimeUnit.SECONDS);
      }
    }
  }

  private void compare(ServerAddress server) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("spool/outages"));
    List<Point> journalled = new ArrayList<>();
    int files = 0;
    long offset = 0;
    List<Located> lines = JournalReader.read(run.journal(), offset);
    while (!lines.isEmpty()) {
      for (Located line : lines) {
        offset = line.end();
        if (line.line().entry() instanceof Entry.Metrics m) {
          m.values()
              .forEach((k, v) -> journalled.add(new Point(k, m.step(), line.line().time(), v)));
        }
        files += line.line().entry() instanceof Entry.Artifact ? 1 : 0;
      }
      lines = JournalReader.read(run.journal(), offset);
    }
    List<Point> served = new ArrayList<>();
    try (MlflowClient client = new MlflowClient(server.uri().toString())) {
      String experiment = client.getExperimentByName("outages").orElseThrow().getExperimentId();
      List<Run> runs =
          client.searchRuns(List.of(experiment), "", ViewType.ACTIVE_ONLY, 10).getItems();
      assertThat(runs).hasSize(1);
      String id = runs.get(0).getInfo().getRunId();
      for (String key : List.of("step/loss", "step/output_std", "step/lr", "epoch/loss")) {
        RealServer.points(server, id, key)
            .forEach(m -> served.add(new Point(key, m.getStep(), m.getTimestamp(), m.getValue())));
      }
      assertThat(client.sendGet("artifacts/list?path=epoch&run_id=" + id).split("is_dir", -1))
          .hasSize(1 + files);
    }
    LOG.info("{} points, {} files, outages {}", journalled.size(), files, outages);
    Set<Point> unique = new HashSet<>(served);
    assertThat(served).hasSameSizeAs(unique).hasSameSizeAs(journalled);
    assertThat(unique).isEqualTo(new HashSet<>(journalled));
  }
}
