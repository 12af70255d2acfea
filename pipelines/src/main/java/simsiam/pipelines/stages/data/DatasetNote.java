package simsiam.pipelines.stages.data;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import simsiam.mlflow.DatasetInput;
import simsiam.model.data.Manifest;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.config.RunConfig;

/** A sharded data set as MLflow's run page shows it. */
public final class DatasetNote {
  private DatasetNote() {}

  /**
   * Describes one use of the set.
   *
   * @param context {@code train} or {@code eval}
   */
  public static DatasetInput of(RunConfig config, Manifest manifest, String context) {
    String name = config.dataset().source().name().toLowerCase(Locale.ROOT);
    Map<String, Object> profile = new TreeMap<>();
    profile.put("num_rows", manifest.splits().values().stream().mapToLong(s -> s.rows()).sum());
    profile.put("classes", manifest.classNames());
    profile.put("image_encoding", manifest.imageEncoding().name().toLowerCase(Locale.ROOT));
    manifest.splits().forEach((split, content) -> profile.put("num_" + split, content.rows()));
    profile.put("channel_mean", manifest.trainChannels().mean());
    profile.put("channel_std", manifest.trainChannels().std());
    Map<String, Object> schema =
        Map.of(
            "mlflow_colspec",
            List.of(
                column("id", "string"),
                column("label", "integer"),
                column("height", "integer"),
                column("width", "integer"),
                column("image", "binary")));
    return new DatasetInput(
        name,
        manifest.sourceFingerprint(),
        "local",
        CanonicalJson.compact(Map.of("uri", config.dataset().path())),
        CanonicalJson.compact(schema),
        CanonicalJson.compact(profile),
        context);
  }

  /** A column in the form that MLflow's pages show as a table. */
  private static Map<String, Object> column(String name, String type) {
    return Map.of("name", name, "type", type, "required", true);
  }
}
