package simsiam.pipelines.sweep;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.ModelOutput;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.stage.StageTracking;
import simsiam.pipelines.stage.Tracking;

/**
 * A tracker whose metrics someone else is told, too.
 *
 * @param told takes each metric that is logged
 */
record ToldTracking(Tracking tracking, Metrics told) implements Tracking {
  /** Takes one point of a curve. */
  interface Metrics {
    void metric(String name, double value, long step);
  }

  @Override
  public void planned(Map<String, String> fingerprints) {
    tracking.planned(fingerprints);
  }

  @Override
  public StageTracking begin(String stage, String fingerprint, boolean continued) {
    return new ToldStage(tracking.begin(stage, fingerprint, continued), told);
  }

  @Override
  public void end(String stage, RunOutcome outcome, Optional<Throwable> cause) {
    tracking.end(stage, outcome, cause);
  }

  @Override
  public void outcome(RunOutcome outcome, RunSummary summary) {
    tracking.outcome(outcome, summary);
  }

  @Override
  public Optional<String> url() {
    return tracking.url();
  }

  @Override
  public void close() {
    tracking.close();
  }

  private record ToldStage(StageTracking stage, Metrics told) implements StageTracking {
    @Override
    public void param(String name, String value) {
      stage.param(name, value);
    }

    @Override
    public void metric(String name, double value, long step) {
      told.metric(name, value, step);
      stage.metric(name, value, step);
    }

    @Override
    public void tag(String name, String value) {
      stage.tag(name, value);
    }

    @Override
    public void artifact(Path file, String folder) {
      stage.artifact(file, folder);
    }

    @Override
    public void image(String key, long step, byte[] png) {
      stage.image(key, step, png);
    }

    @Override
    public void dataset(DatasetInput input) {
      stage.dataset(input);
    }

    @Override
    public void model(ModelOutput model) {
      stage.model(model);
    }

    @Override
    public void uses(String name, String model) {
      stage.uses(name, model);
    }

    @Override
    public void measure(String name, double value, long step) {
      stage.measure(name, value, step);
    }

    @Override
    public void persist() {
      stage.persist();
    }
  }
}
