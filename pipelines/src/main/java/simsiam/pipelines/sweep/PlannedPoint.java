package simsiam.pipelines.sweep;

import java.util.List;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.sweep.grid.Point;

/** A point with what is to be done for it. */
public record PlannedPoint(Point point, Plan plan) {
  /** A stage's output: points that share one have it made once. */
  public record Node(String stage, String fingerprint) {
    static Node of(PlannedStage stage) {
      return new Node(stage.name(), stage.fingerprint());
    }
  }

  /** The stages whose output is not there as it should be, as of the plan. */
  public List<PlannedStage> toRun() {
    return plan.selected().stream().filter(PlannedStage::runs).toList();
  }
}
