package simsiam.pipelines.beam;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import simsiam.model.file.FileTree;

/**
 * A folder beside the output, of any file system, that is gone when a pipeline has ended.
 *
 * @param path absolute, as workers on a cluster start in folders of their own
 */
public record ScratchFolder(Path path) implements AutoCloseable {
  /** Makes it anew, without what a run that was killed has left there. */
  public static ScratchFolder in(Path output, String name) throws IOException {
    Path path = output.toAbsolutePath().resolve(name);
    FileTree.delete(path);
    return new ScratchFolder(Files.createDirectories(path));
  }

  @Override
  public void close() {
    FileTree.delete(path);
  }
}
