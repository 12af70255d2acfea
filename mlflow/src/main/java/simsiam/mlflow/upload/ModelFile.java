package simsiam.mlflow.upload;

import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import simsiam.mlflow.RemoteModel;
import simsiam.mlflow.RemoteRun;

/** The text of {@code MLmodel}, which makes a folder a model for MLflow. */
final class ModelFile {
  static final String NAME = "MLmodel";

  /** The one flavor: no reader of MLflow's own loads these files. */
  static final String FLAVOR = "simsiam";

  private ModelFile() {}

  static String of(
      String artifactPath,
      RemoteModel model,
      RemoteRun run,
      String uid,
      long time,
      Map<String, String> flavor) {
    StringBuilder yaml = new StringBuilder();
    line(yaml, "artifact_path", artifactPath);
    yaml.append("flavors:\n  ").append(FLAVOR).append(":\n");
    new TreeMap<>(flavor).forEach((key, value) -> line(yaml.append("    "), key, value));
    if (!model.modelId().isEmpty()) {
      line(yaml, "model_id", model.modelId());
    }
    line(yaml, "model_uuid", uid);
    line(yaml, "run_id", run.runId());
    line(yaml, "utc_time_created", utc(time));
    return yaml.toString();
  }

  /** As MLflow writes times: {@code 2026-01-02 03:04:05.678}. */
  static String utc(long time) {
    return Instant.ofEpochMilli(time).toString().replace('T', ' ').replace("Z", "");
  }

  /** A text in JSON's quotes is a text in YAML's. */
  private static void line(StringBuilder yaml, String key, String value) {
    yaml.append(key).append(": ").append(TextNode.valueOf(value)).append('\n');
  }
}
