package simsiam.pipelines.stages.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import simsiam.model.data.Manifest;
import simsiam.model.data.table.WrittenFile;
import simsiam.pipelines.remote.Fetch;
import simsiam.pipelines.stage.StageContext;

/** Brings what a pipeline has written to a store to the stage's folder on this machine. */
final class StoredData {
  private StoredData() {}

  /** Copies files by name; does nothing where the pipeline wrote to the folder itself. */
  static void fetch(StageContext context, List<String> names) throws IOException {
    for (String name : inStore(context) ? names : List.<String>of()) {
      Fetch.file(context.data().resolve(name), context.output().resolve(name));
    }
  }

  /**
   * Copies all shards of a manifest.
   *
   * @throws IOException if one has other bytes than the manifest says
   */
  static void fetch(StageContext context, Manifest manifest) throws IOException {
    if (inStore(context)) {
      for (Manifest.Split split : manifest.splits().values()) {
        for (WrittenFile shard : split.shards()) {
          Path target = context.output().resolve(shard.file());
          Fetch.file(context.data().resolve(shard.file()), target, shard.sha256());
        }
      }
    }
  }

  private static boolean inStore(StageContext context) {
    return !context.data().equals(context.output());
  }
}
