package simsiam.pipelines.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.TrackedRun;
import simsiam.mlflow.system.SystemMetrics;
import simsiam.pipelines.stage.StageTracking;

/** The MLflow run of one stage, with the machine's load sampled beside it. */
final class TrackedStage implements StageTracking {
  private final TrackedRun run;
  private final SystemMetrics system;
  private final String fingerprint;

  TrackedStage(TrackedRun run, Path workspace, String fingerprint) {
    this.run = run;
    this.system = SystemMetrics.sample(run, workspace, SystemMetrics.INTERVAL);
    this.fingerprint = fingerprint;
  }

  String fingerprint() {
    return fingerprint;
  }

  @Override
  public void param(String name, String value) {
    run.params(Map.of(name, value));
  }

  @Override
  public void metric(String name, double value, long step) {
    run.metric(name, value, step);
  }

  @Override
  public void tag(String name, String value) {
    run.tag(name, value);
  }

  @Override
  public void artifact(Path file, String folder) {
    try {
      run.artifact(file, folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot log artifact " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void image(String key, long step, Path png) {
    try {
      run.image(key, step, png);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot log image " + png + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void dataset(DatasetInput input) {
    run.dataset(input);
  }

  @Override
  public void persist() {
    try {
      run.persist();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the tracking journal: " + e.getMessage(), e);
    }
  }

  void close(RunStatus status) {
    try {
      system.close();
      run.close(status);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot end a tracked run: " + e.getMessage(), e);
    }
  }
}
