package simsiam.pipelines.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.store.StageFolder;

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

  /** What the stages tell whose output is there, in their order. */
  public static List<StageReport> reports(Plan plan) throws IOException {
    List<StageReport> reports = new ArrayList<>();
    for (PlannedStage stage : plan.selected()) {
      if (stage.last().isPresent()) {
        StageFolder.report(stage.stage(), stage.folder().committed()).ifPresent(reports::add);
      }
    }
    return reports;
  }
}
