package simsiam.pipelines.source.digest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** All of a file. */
record WholeFile(long bytes) implements Piece {
  @Override
  public List<String> digests(Path file) throws IOException {
    return List.of(ContentDigest.of(file));
  }
}
