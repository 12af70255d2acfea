package simsiam.pipelines.stages;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import simsiam.mlflow.DatasetInput;
import simsiam.model.data.CanonicalJson;
import simsiam.model.data.Manifest;
import simsiam.pipelines.config.RunConfig;

/** A sharded data set as MLflow's run page shows it. */
final class DatasetNote {
  private DatasetNote() {}

  /**
   * Describes one use of the set.
   *
   * @param context {@code train} or {@code eval}
   */
  static DatasetInput of(RunConfig config, Manifest manifest, String context) {
    String name = config.dataset().source().name().toLowerCase(Locale.ROOT);
    Map<String, Object> profile = new TreeMap<>();
    manifest.splits().forEach((split, content) -> profile.put("num_" + split, content.rows()));
    profile.put("channel_mean", manifest.trainChannels().mean());
    profile.put("channel_std", manifest.trainChannels().std());
    Map<String, Object> schema =
        Map.of(
            "image",
            "uint8 RGB, " + manifest.imageEncoding().name().toLowerCase(Locale.ROOT),
            "label",
            manifest.classNames());
    return new DatasetInput(
        name,
        manifest.sourceFingerprint(),
        "local",
        CanonicalJson.compact(Map.of("uri", config.dataset().path())),
        CanonicalJson.compact(schema),
        CanonicalJson.compact(profile),
        context);
  }
}
