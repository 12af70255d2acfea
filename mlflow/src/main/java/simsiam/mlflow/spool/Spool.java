package simsiam.mlflow.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder that holds the journals of all runs of a workspace. */
public record Spool(Path path) {

  /** The folder of a run, which may not exist yet. */
  public RunFolder run(String uid) {
    // A colon is no legal file name on every system, and a plus is no legal part of a uid.
    return new RunFolder(path.resolve(uid.replace(':', '+')));
  }

  /** All runs that have a journal, in the order of their names. */
  public List<RunFolder> runs() throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(path)) {
      return folders
          .map(RunFolder::new)
          .filter(run -> Files.exists(run.journal()))
          .sorted((a, b) -> a.path().compareTo(b.path()))
          .toList();
    }
  }
}
