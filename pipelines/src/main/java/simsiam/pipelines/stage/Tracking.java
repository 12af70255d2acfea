package simsiam.pipelines.stage;

import java.util.Optional;

/** The experiment tracker's view of one invocation: a parent run with a nested run for a stage. */
public interface Tracking extends AutoCloseable {
  /** Opens the nested run of a stage that is about to do work. */
  StageTracking begin(String stage, String fingerprint);

  /** Closes the nested run of a stage. */
  void end(String stage, RunOutcome outcome);

  /** Sets the state in which {@link #close} leaves the invocation's run. */
  void outcome(RunOutcome outcome);

  /** Where a person can look at the invocation's run; empty if there is no server. */
  Optional<String> url();

  /** Sends what is left, within seconds, and lets go of the server. */
  @Override
  void close();
}
