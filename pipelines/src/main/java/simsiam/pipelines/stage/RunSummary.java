package simsiam.pipelines.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code summary.json} of an invocation: what each stage did, and the figures a run is judged by.
 * Figures that no stage has given are null. Thread-safe.
 */
public final class RunSummary {
  private static final List<String> FIGURES =
      List.of(
          "final_loss",
          "final_output_std",
          "knn_top1",
          "linear_top1",
          "random_encoder_knn_top1",
          "collapsed",
          "mlflow_url");

  private final Map<String, StageLine> stages = new LinkedHashMap<>();
  private final Map<String, Object> figures = new LinkedHashMap<>();

  private Optional<String> failure = Optional.empty();

  /**
   * What became of a stage.
   *
   * @param state {@code ran}, {@code cached}, {@code failed} or {@code interrupted}
   */
  public record StageLine(String name, String state, double seconds) {}

  /** An empty summary. */
  public RunSummary() {
    FIGURES.forEach(name -> figures.put(name, null));
  }

  synchronized void stage(String name, String state, double seconds) {
    stages.put(name, new StageLine(name, state, Math.round(seconds * 1000) / 1000.0));
  }

  synchronized void failed(String stage, Throwable cause) {
    failure = Optional.of("Stage " + stage + " failed: " + cause.getMessage());
  }

  /** Why the run failed, if it did. */
  public synchronized Optional<String> failure() {
    return failure;
  }

  /** The stages so far. */
  public synchronized List<StageLine> stages() {
    return List.copyOf(stages.values());
  }

  /** Takes over the figures among a stage's values. */
  public synchronized void result(StageResult result) {
    result
        .summary()
        .forEach(
            (name, value) -> {
              if (FIGURES.contains(name)) {
                figures.put(name, value);
              }
            });
  }

  public synchronized void mlflowUrl(String url) {
    figures.put("mlflow_url", url);
  }

  /** The figures by name, in order; null where none was given. */
  public synchronized Map<String, Object> figures() {
    return new LinkedHashMap<>(figures);
  }

  /** Writes {@code summary.json}. */
  public synchronized void write(Path file) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("stages", new ArrayList<>(stages.values()));
    all.putAll(figures);
    Json.write(file, all);
  }
}
