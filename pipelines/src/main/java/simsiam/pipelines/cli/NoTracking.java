package simsiam.pipelines.cli;

import java.util.Optional;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.stage.StageTracking;
import simsiam.pipelines.stage.Tracking;

/** The tracker of a run that has nothing to do. */
final class NoTracking implements Tracking {
  @Override
  public StageTracking begin(String stage, String fingerprint, boolean continued) {
    throw new IllegalStateException("Cannot track stage " + stage + ": nothing was to be done");
  }

  @Override
  public void end(String stage, RunOutcome outcome) {
    throw new IllegalStateException("Cannot track stage " + stage + ": nothing was to be done");
  }

  @Override
  public void outcome(RunOutcome outcome, RunSummary summary) {}

  @Override
  public Optional<String> url() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
