package simsiam.pipelines.beam;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import simsiam.model.file.FileTree;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.remote.Upload;

/**
 * A file that a worker makes for all: in its place where that is on disk; where it is in a store,
 * on the worker's own disk first, so that the store gets it whole or not at all.
 */
public final class NewFile implements AutoCloseable {
  private final Path target;
  private final Path path;
  private final Optional<Path> scratch;

  private NewFile(Path target, Path path, Optional<Path> scratch) {
    this.target = target;
    this.path = path;
    this.scratch = scratch;
  }

  /**
   * Begins a file.
   *
   * @param folder as in {@link Places}
   */
  public static NewFile in(String folder, String name) throws IOException {
    Path target = Places.path(folder).resolve(name);
    if (!Places.remote(target)) {
      return new NewFile(target, target, Optional.empty());
    }
    Path scratch = Files.createTempDirectory("simsiam");
    return new NewFile(target, scratch.resolve(name), Optional.of(scratch));
  }

  /** Where to write it, under its own name. */
  public Path path() {
    return path;
  }

  /** Shows the finished file to all. */
  public void publish() throws IOException {
    if (scratch.isPresent()) {
      Upload.whole(path, target);
    }
  }

  /** Removes what is on the worker's disk alone. */
  @Override
  public void close() {
    scratch.ifPresent(FileTree::delete);
  }
}
