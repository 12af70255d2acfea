package simsiam.pipelines.bench.tracking;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.client.RunRequest;
import simsiam.mlflow.client.TrackedRun;
import simsiam.mlflow.client.Tracking;
import simsiam.mlflow.client.TrackingMode;
import simsiam.mlflow.client.TrackingSettings;
import simsiam.mlflow.server.ManagedServer;
import simsiam.mlflow.spool.FlushReport;
import simsiam.model.file.FileTree;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.bench.measure.LastAct;
import simsiam.pipelines.bench.measure.LiveMemory;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.tracking.TrackingServer;

/**
 * How long a large run takes to reach the MLflow server of the configuration, and whether the heap
 * grows with it. At a server of the user's own the experiment {@code bench} stays.
 *
 * @param points logged, two metrics a step
 * @param files uploaded, the large one included
 * @param large bytes of the large one
 */
public record UploadBench(int points, int files, long large) implements Benchmark {
  private static final Logger LOG = LoggerFactory.getLogger(UploadBench.class);
  private static final int SMALL = 20_000;
  private static final int FILES_PER_FOLDER = 50;
  private static final double MIB = 1L << 20;
  private static final Duration LIMIT = Duration.ofMinutes(30);

  public static UploadBench standard() {
    return new UploadBench(100_000, 500, 2L << 30);
  }

  @Override
  public BenchResult run(RunConfig config) throws IOException {
    Path folder =
        Files.createTempDirectory(Files.createDirectories(Path.of(config.workspace())), "bench");
    TrackingServer server = new TrackingServer(folder, config.tracking().uri());
    LastAct end = new LastAct(() -> stop(server));
    try (end) {
      return measure(folder, server);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while measuring", e);
    } finally {
      FileTree.delete(folder);
    }
  }

  private BenchResult measure(Path folder, TrackingServer server)
      throws IOException, InterruptedException {
    server.up(LOG::info);
    Path large = folder.resolve("large.bin");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(this.large);
    }
    TrackingSettings settings =
        TrackingSettings.of(server.spool(), TrackingMode.AUTO, server.source(LOG::info));
    try (Tracking tracking = Tracking.open(settings);
        LiveMemory memory = new LiveMemory()) {
      long start = System.nanoTime();
      log(
          tracking.startRun(RunRequest.of(folder.getFileName().toString(), "bench", "bench")),
          large);
      double logged = seconds(start);
      long whileLogging = memory.most();
      FlushReport report = tracking.flush(LIMIT);
      double sent = seconds(start);
      long whileSending = memory.most();
      return new BenchResult(
          String.format(
              Locale.ROOT,
              "Upload: %,d points and %,d files, one of them of %,.0f MiB, to MLflow",
              points,
              files,
              this.large / MIB),
          List.of(row(memory, logged, sent, whileLogging, whileSending)),
          List.of(
              String.format(
                  Locale.ROOT,
                  "entries sent %,d, waiting %,d, refused %d, lost %d%s; heap after a collection,"
                      + " %d times, of at most %,d MiB",
                  report.sent(),
                  report.spooled(),
                  report.quarantined(),
                  report.lost(),
                  report.trouble().isEmpty() ? "" : " (" + report.trouble() + ")",
                  memory.samples(),
                  Runtime.getRuntime().maxMemory() >> 20)));
    }
  }

  private void log(TrackedRun run, Path large) throws IOException {
    try (run) {
      run.artifact(large, "large");
      Path small = Files.write(large.resolveSibling("small.bin"), new byte[SMALL]);
      for (int i = 1; i < files; i++) {
        run.artifact(small, String.format(Locale.ROOT, "files/%02d/%03d", i / FILES_PER_FOLDER, i));
      }
      for (int step = 0; step < points / 2; step++) {
        run.metrics(Map.of("step/loss", -1.0 / (step + 1), "step/output_std", 0.1), step);
      }
    }
  }

  private static List<Figure> row(
      LiveMemory memory, double logged, double sent, long whileLogging, long whileSending) {
    return List.of(
        Figure.measured("s to log", "log_seconds", logged),
        Figure.measured("s to the server", "seconds", sent),
        Figure.measured("heap before, MiB", "heap_before_mebibytes", memory.start() / MIB),
        Figure.measured("logging, MiB", "heap_logging_mebibytes", whileLogging / MIB),
        Figure.measured("sending, MiB", "heap_sending_mebibytes", whileSending / MIB),
        Figure.measured("after, MiB", "heap_after_mebibytes", LiveMemory.live() / MIB),
        Figure.measured("most resident, MiB", "resident_mebibytes", memory.mostResident() / MIB));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static void stop(TrackingServer server) throws IOException, InterruptedException {
    if (server.isManaged()) {
      server.managed("127.0.0.1", ManagedServer.PORT).stop();
    }
  }
}
