package simsiam.pipelines.tracking;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;

/**
 * What the stages of a run have measured, as the run has it in MLflow.
 *
 * @param metrics numbers, by their names there
 * @param tags what is no number, by its key
 */
record RunFigures(Map<String, Double> metrics, Map<String, String> tags) {
  static RunFigures of(List<StageReport> reports) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    Map<String, String> tags = new LinkedHashMap<>();
    for (StageReport report : reports) {
      for (Measure measure : report.measures()) {
        if (measure.value() instanceof Number number) {
          metrics.put(report.metric(measure), number.doubleValue());
        } else {
          tags.put(measure.key(), String.valueOf(measure.value()));
        }
      }
    }
    return new RunFigures(metrics, tags);
  }
}
