package simsiam.pipelines.stage;

import java.util.Map;
import java.util.Optional;

/** The experiment tracker's view of one invocation: a parent run with a nested run for a stage. */
public interface Tracking extends AutoCloseable {
  /**
   * Tells which stages the invocation consists of, before the first begins.
   *
   * @param fingerprints of all stages by name
   */
  void planned(Map<String, String> fingerprints);

  /**
   * Opens the nested run of a stage that is about to do work.
   *
   * @param continued whether the stage goes on with what an interrupted attempt left; its run is
   *     then continued too
   */
  StageTracking begin(String stage, String fingerprint, boolean continued);

  /**
   * Closes the nested run of a stage.
   *
   * @param cause what it failed of, if it failed
   */
  void end(String stage, RunOutcome outcome, Optional<Throwable> cause);

  /**
   * Tells the tracker how the invocation went, before {@link #close}.
   *
   * @param summary the figures it is judged by
   */
  void outcome(RunOutcome outcome, RunSummary summary);

  /** Where a person can look at the invocation's run, once closed; empty if there is no server. */
  Optional<String> url();

  /** Sends what is left, within seconds, and lets go of the server. Closing again does nothing. */
  @Override
  void close();
}
