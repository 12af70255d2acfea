package simsiam.pipelines.sweep;

import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.pipelines.stage.Plan;
import simsiam.pipelines.stage.PlannedStage;

/** What was measured of a point: the one place that knows where results are found. */
public final class PointMeasures {
  private PointMeasures() {}

  /** Numbers, booleans and texts by name, of the stages whose output is there. */
  public static SortedMap<String, Object> of(Plan plan) {
    SortedMap<String, Object> measures = new TreeMap<>();
    for (PlannedStage stage : plan.selected()) {
      stage.last().ifPresent(record -> measures.putAll(record.result().summary()));
    }
    return measures;
  }
}
