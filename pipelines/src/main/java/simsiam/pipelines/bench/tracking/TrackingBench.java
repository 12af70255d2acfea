package simsiam.pipelines.bench.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import simsiam.mlflow.client.RunRequest;
import simsiam.mlflow.client.TrackedRun;
import simsiam.mlflow.client.Tracking;
import simsiam.mlflow.client.TrackingSettings;
import simsiam.mlflow.spool.FlushReport;
import simsiam.model.file.FileTree;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.config.RunConfig;

/**
 * What logging costs the thread that logs: two metrics of one step, as training does, with the
 * journal written to the disk beside it.
 *
 * @param points logged after a warm-up of as many
 */
public record TrackingBench(int points) implements Benchmark {
  /** Training logs no faster than this on the fastest machines. */
  private static final long GAP_NANOS = 20_000;

  public static TrackingBench standard() {
    return new TrackingBench(200_000);
  }

  @Override
  public BenchResult run(RunConfig config) throws IOException {
    Path folder =
        Files.createTempDirectory(Files.createDirectories(Path.of(config.workspace())), "bench");
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(folder))) {
      TrackedRun run = tracking.startRun(RunRequest.of("bench", "bench", "bench"));
      log(run, 0);
      double[] nanos = log(run, points);
      run.close();
      FlushReport report = tracking.flush(Duration.ofSeconds(1));
      return new BenchResult(
          String.format(
              Locale.ROOT, "%,d times two metrics into the journal of a tracked run", points),
          List.of(row(nanos)),
          List.of(String.format(Locale.ROOT, "entries lost: %d", report.lost())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while measuring", e);
    } finally {
      FileTree.delete(folder);
    }
  }

  private double[] log(TrackedRun run, long first) {
    double[] nanos = new double[points];
    for (int i = 0; i < points; i++) {
      Map<String, Double> values = Map.of("step/loss", -0.1 * i, "step/output_std", 0.1);
      long start = System.nanoTime();
      run.metrics(values, first + i);
      nanos[i] = System.nanoTime() - start;
      while (System.nanoTime() - start < GAP_NANOS) {
        Thread.onSpinWait();
      }
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private List<Figure> row(double[] sorted) {
    return List.of(
        micros("median µs", "median_microseconds", sorted[points / 2]),
        micros("mean µs", "mean_microseconds", Arrays.stream(sorted).average().orElse(0)),
        micros("99 % µs", "p99_microseconds", sorted[points - 1 - points / 100]),
        micros("99.9 % µs", "p999_microseconds", sorted[points - 1 - points / 1000]),
        micros("most µs", "most_microseconds", sorted[points - 1]));
  }

  private static Figure micros(String title, String name, double nanos) {
    return Figure.measured(title, name, nanos / 1000);
  }
}
