package simsiam.pipelines.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.ModelOutput;
import simsiam.mlflow.ModelRef;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.client.TrackedRun;
import simsiam.mlflow.system.SystemMetrics;
import simsiam.model.config.Reason;
import simsiam.pipelines.stage.StageTracking;

/** The MLflow run of one stage, with the machine's load sampled beside it. */
final class TrackedStage implements StageTracking {
  private final TrackedRun run;
  private final String uid;
  private final String fingerprint;
  private final Function<String, Optional<String>> runs;
  private final Consumer<DatasetInput> datasets;
  private final SystemMetrics system;
  private Optional<ModelRef> model = Optional.empty();

  /**
   * Starts to sample the machine's load.
   *
   * @param runs gives the uid of the run that made a stage's output, if it was tracked
   * @param datasets told of each data set, besides the run
   */
  TrackedStage(
      TrackedRun run,
      String uid,
      String fingerprint,
      Path workspace,
      Function<String, Optional<String>> runs,
      Consumer<DatasetInput> datasets) {
    this.run = run;
    this.uid = uid;
    this.fingerprint = fingerprint;
    this.runs = runs;
    this.datasets = datasets;
    this.system = SystemMetrics.sample(run, workspace, SystemMetrics.INTERVAL);
  }

  String uid() {
    return uid;
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
  public void image(String key, long step, byte[] png) {
    try {
      run.image(key, step, png);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot log image " + key + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void dataset(DatasetInput input) {
    run.dataset(input);
    datasets.accept(input);
  }

  @Override
  public void model(ModelOutput made) {
    try {
      run.model(made);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot log " + made.name() + ": " + e.getMessage(), e);
    }
    model = Optional.of(new ModelRef(uid, made.name()));
  }

  @Override
  public void uses(String stage, String name) {
    model = runs.apply(stage).map(maker -> new ModelRef(maker, name));
    model.ifPresent(run::modelInput);
  }

  @Override
  public void measure(String name, double value, long step) {
    if (model.isPresent()) {
      run.modelMetric(model.get(), name, value, step);
    } else {
      run.metric(name, value, step);
    }
  }

  @Override
  public void persist() {
    try {
      run.persist();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the tracking journal: " + e.getMessage(), e);
    }
  }

  /**
   * Ends the run.
   *
   * @param cause what the stage failed of; not looked at if it did not fail
   */
  void close(RunStatus status, Optional<Throwable> cause) {
    try {
      system.close();
      if (status == RunStatus.FAILED && cause.isPresent()) {
        run.fail(Reason.of(cause.get()));
      } else {
        run.close(status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot end a tracked run: " + e.getMessage(), e);
    }
  }
}
