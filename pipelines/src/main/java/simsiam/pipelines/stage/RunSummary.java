package simsiam.pipelines.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simsiam.model.config.Reason;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;

/**
 * {@code summary.json} of an invocation: what each stage did, and all measures by their keys. Those
 * that a run is judged by are null where no stage has given them. Thread-safe.
 */
public final class RunSummary {
  private static final String URL = "mlflow_url";

  /** Always there, in this order; other measures follow. */
  private static final List<String> FIGURES =
      List.of(
          "final_loss",
          "final_output_std",
          "knn_top1",
          "probe_top1",
          "linear_top1",
          "random_encoder_knn_top1",
          "random_encoder_probe_top1",
          "collapsed",
          URL);

  private final Map<String, StageLine> stages = new LinkedHashMap<>();
  private final List<StageReport> reports = new ArrayList<>();
  private Optional<String> url = Optional.empty();
  private Optional<String> failure = Optional.empty();

  /**
   * What became of a stage.
   *
   * @param state {@code ran}, {@code cached}, {@code failed} or {@code interrupted}
   */
  public record StageLine(String name, String state, double seconds) {}

  public synchronized void stage(String name, String state, double seconds) {
    stages.put(name, new StageLine(name, state, Math.round(seconds * 1000) / 1000.0));
  }

  public synchronized void failed(String stage, Throwable cause) {
    failure = Optional.of("Stage " + stage + " failed: " + Reason.of(cause));
  }

  /** Why the run failed, if it did. */
  public synchronized Optional<String> failure() {
    return failure;
  }

  /** The stages so far. */
  public synchronized List<StageLine> stages() {
    return List.copyOf(stages.values());
  }

  /** Takes over what a stage tells. */
  public synchronized void report(StageReport report) {
    reports.add(report);
  }

  public synchronized void mlflowUrl(String where) {
    url = Optional.of(where);
  }

  /** Where the run is to be seen in MLflow, if anywhere. */
  public synchronized Optional<String> mlflowUrl() {
    return url;
  }

  /** What the stages tell, in the order in which they ran. */
  public synchronized List<StageReport> reports() {
    return List.copyOf(reports);
  }

  /** The measures that the run is judged by, evaluation first. */
  public List<Measure> headlines() {
    return StageReport.headlines(reports());
  }

  /** Writes {@code summary.json}. */
  public synchronized void write(Path file) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("stages", new ArrayList<>(stages.values()));
    FIGURES.forEach(name -> all.put(name, null));
    for (StageReport report : reports) {
      report.measures().forEach(measure -> all.put(measure.key(), measure.value()));
    }
    url.ifPresent(where -> all.put(URL, where));
    Json.write(file, all);
  }
}
