package simsiam.pipelines.stage.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.remote.Fetch;
import simsiam.pipelines.remote.Upload;
import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.store.SuccessRecord.OutputFile;

/**
 * The half of a workspace that is in a store: {@code stages/<stage>/<fingerprint>/} of the data
 * stages. Stores rename nothing, so files get their final names at once, each whole or not at all,
 * and are the same bytes whoever writes them; {@code _SUCCESS.json} comes last and says that all
 * are there.
 */
public final class StageStore {
  private static final Logger log = LoggerFactory.getLogger(StageStore.class);

  private final Path root;

  StageStore(Path root) {
    this.root = root;
  }

  /** Where workers write the output of a stage. */
  public Path folder(String stage, String fingerprint) {
    return root.resolve("stages").resolve(stage).resolve(Fingerprint.shortened(fingerprint));
  }

  /** Where workers find what a pipeline needs while it runs. */
  Path shared() {
    return root.resolve("cache");
  }

  /** The record of a finished output; empty if there is none that can be read. */
  public Optional<SuccessRecord> success(String stage, String fingerprint) throws IOException {
    Path record = folder(stage, fingerprint).resolve(StageFolder.SUCCESS);
    try {
      return Optional.of(Json.read(record, SuccessRecord.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (Json.MalformedException e) {
      log.warn("{}; its stage will run again", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Copies what a record names to this machine.
   *
   * @throws IOException if a file is missing or another one
   */
  public void fetch(SuccessRecord record, Path target) throws IOException {
    Path source = folder(record.inputs().stage(), record.fingerprint());
    for (Map.Entry<String, OutputFile> file : record.files().entrySet()) {
      Path place = target.resolve(file.getKey());
      Files.createDirectories(place.getParent());
      Fetch.file(source.resolve(file.getKey()), place, file.getValue().sha256());
    }
  }

  /** Withdraws the record of an output that is about to be made again. */
  public void begin(String stage, String fingerprint) throws IOException {
    Files.delete(folder(stage, fingerprint).resolve(StageFolder.SUCCESS));
  }

  /** Says that an output is finished, as it is in the folder of this machine. */
  public void commit(String stage, String fingerprint, StageFolder folder) throws IOException {
    Upload.whole(
        folder.committed().resolve(StageFolder.SUCCESS),
        folder(stage, fingerprint).resolve(StageFolder.SUCCESS));
  }
}
