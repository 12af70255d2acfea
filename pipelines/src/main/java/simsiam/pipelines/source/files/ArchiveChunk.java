package simsiam.pipelines.source.files;

import java.io.IOException;
import java.nio.file.Path;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.HeldFile;

/** Some images of an archive, which is read where a worker holds it. */
interface ArchiveChunk extends SourceChunk {
  HeldFile archive();

  /**
   * Reads the images.
   *
   * @param path of the archive on this machine
   * @return their number
   */
  int read(Path path, Receiver receiver) throws IOException;

  @Override
  default String origin() {
    return archive().path();
  }

  @Override
  default boolean encoded() {
    return true;
  }

  @Override
  default void read(Receiver receiver) throws IOException {
    archive().read(path -> read(path, receiver));
  }
}
