package simsiam.pipelines.prune;

import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.plan.PlannedStage;

/**
 * The output of a stage in a workspace, finished or not.
 *
 * @param fingerprint the first digits, as in the name of its folder
 */
record OutputId(String stage, String fingerprint) implements Comparable<OutputId> {
  /** That of a fingerprint of any length. */
  static OutputId of(String stage, String fingerprint) {
    boolean whole = fingerprint.length() > Fingerprint.SHORT;
    return new OutputId(stage, whole ? Fingerprint.shortened(fingerprint) : fingerprint);
  }

  static OutputId of(PlannedStage stage) {
    return of(stage.name(), stage.fingerprint());
  }

  @Override
  public int compareTo(OutputId other) {
    int byStage = stage.compareTo(other.stage);
    return byStage != 0 ? byStage : fingerprint.compareTo(other.fingerprint);
  }
}
