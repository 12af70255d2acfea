package simsiam.pipelines.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import simsiam.pipelines.stage.Json;

/**
 * What the tracker was told of a sweep, kept in the sweep's folder: so a sweep of which nothing has
 * changed opens no tracker, and one that goes on does so in the same runs.
 *
 * @param id of this sweep among those of all workspaces that log to the same server
 * @param runs by their uids
 * @param url where the sweep's run was last; empty: nowhere
 */
record SweepTold(String id, String experiment, Map<String, Run> runs, String url) {
  private static final String FILE = "mlflow.json";

  /**
   * What was told of one run.
   *
   * @param digest of all of it
   */
  record Run(String digest, boolean failed, Map<String, Double> metrics) {}

  SweepTold {
    runs = new TreeMap<>(runs);
  }

  static SweepTold nothing(String experiment) {
    return new SweepTold(UUID.randomUUID().toString(), experiment, Map.of(), "");
  }

  /** What was told before; empty if nothing was, or the note of it is damaged, which is said. */
  static Optional<SweepTold> read(Path folder, Consumer<String> notes) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(file, SweepTold.class));
    } catch (IOException e) {
      notes.accept("Tracking: " + e.getMessage() + "; the sweep begins new runs in MLflow");
      return Optional.empty();
    }
  }

  void write(Path folder) throws IOException {
    Json.write(folder.resolve(FILE), this);
  }

  /** The uid of the sweep's run, and the beginning of those of its other runs. */
  String uid() {
    return "sweep-" + id;
  }

  SweepTold at(String newUrl) {
    return new SweepTold(id, experiment, runs, newUrl);
  }
}
