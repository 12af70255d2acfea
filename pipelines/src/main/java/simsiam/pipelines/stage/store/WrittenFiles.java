package simsiam.pipelines.stage.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import simsiam.pipelines.source.digest.FileStamp;
import simsiam.pipelines.stage.store.SuccessRecord.OutputFile;

/**
 * What those who wrote the files of an output know of them, as long as nobody changes the files.
 */
public final class WrittenFiles {
  private final Map<String, Written> files = new HashMap<>();

  private record Written(OutputFile file, FileStamp stamp) {}

  /** Takes note of a file, if it is there in this size. */
  public void add(Path folder, String name, OutputFile file) throws IOException {
    Path path = folder.resolve(name);
    if (Files.exists(path)) {
      FileStamp stamp = FileStamp.of(path);
      if (stamp.bytes() == file.bytes()) {
        files.put(name, new Written(file, stamp));
      }
    }
  }

  /** What a file holds; empty where that is not known, or the file is not what it was. */
  Optional<OutputFile> unchanged(Path folder, String name) throws IOException {
    Written written = files.get(name);
    return written != null && FileStamp.of(folder.resolve(name)).equals(written.stamp())
        ? Optional.of(written.file())
        : Optional.empty();
  }
}
