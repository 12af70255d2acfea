package simsiam.mlflow.system;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.client.TrackedRun;

/**
 * Logs the machine's load into a run at a fixed interval, under the names that MLflow's system
 * metrics tab shows: {@code system/cpu_utilization_percentage} and so on. The step counts samples,
 * and goes on where an earlier process of the run stopped.
 */
public final class SystemMetrics implements Closeable {
  /** The interval of MLflow's own sampler. */
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(SystemMetrics.class);

  private final TrackedRun run;
  private final Duration interval;
  private final Gauges gauges;
  private final Thread thread = new Thread(this::loop, "tracking-system");

  private SystemMetrics(TrackedRun run, Path folder, Duration interval) {
    this.run = run;
    this.interval = interval;
    this.gauges = new Gauges(folder);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Starts to sample; closed before the run is.
   *
   * @param folder on the disk whose use is logged
   */
  public static SystemMetrics sample(TrackedRun run, Path folder, Duration interval) {
    return new SystemMetrics(run, folder, interval);
  }

  private void loop() {
    long step = run.lastStep(Gauges.CPU) + 1;
    try {
      while (true) {
        Thread.sleep(interval.toMillis());
        run.metrics(sample(), step++);
      }
    } catch (InterruptedException e) {
      LOG.debug("Sampling ended after {} samples", step);
    }
  }

  private Map<String, Double> sample() throws InterruptedException {
    Map<String, Double> values = new LinkedHashMap<>();
    try {
      gauges.read(values);
    } catch (IOException e) {
      LOG.debug("This machine does not tell all of its load: {}", e.toString());
    }
    return values;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
