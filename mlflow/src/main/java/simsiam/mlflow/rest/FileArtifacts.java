package simsiam.mlflow.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import simsiam.mlflow.file.AtomicJson;

/** An artifact root in a file system shared with the server. */
record FileArtifacts(Path root) implements ArtifactStore {
  @Override
  public void put(Path file, String path) throws IOException {
    Path target = root.resolve(path);
    Files.createDirectories(target.getParent());
    Path aside = target.resolveSibling("." + target.getFileName() + ".tmp");
    Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING);
    AtomicJson.commit(aside, target);
  }
}
