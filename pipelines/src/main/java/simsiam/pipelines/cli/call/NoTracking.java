package simsiam.pipelines.cli.call;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.ModelOutput;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.stage.StageTracking;
import simsiam.pipelines.stage.Tracking;

/** The tracker of a run that has nothing to tell. */
public final class NoTracking implements Tracking, StageTracking {
  @Override
  public StageTracking begin(String stage, String fingerprint, boolean continued) {
    return this;
  }

  @Override
  public void planned(Map<String, String> fingerprints) {}

  @Override
  public void end(String stage, RunOutcome outcome, Optional<Throwable> cause) {}

  @Override
  public void outcome(RunOutcome outcome, RunSummary summary) {}

  @Override
  public Optional<String> url() {
    return Optional.empty();
  }

  @Override
  public void close() {}

  @Override
  public void param(String name, String value) {}

  @Override
  public void metric(String name, double value, long step) {}

  @Override
  public void tag(String name, String value) {}

  @Override
  public void artifact(Path file, String folder) {}

  @Override
  public void image(String key, long step, byte[] png) {}

  @Override
  public void dataset(DatasetInput input) {}

  @Override
  public void model(ModelOutput model) {}

  @Override
  public void uses(String stage, String model) {}

  @Override
  public void measure(String name, double value, long step) {}

  @Override
  public void persist() {}
}
