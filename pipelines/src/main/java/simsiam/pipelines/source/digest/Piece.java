package simsiam.pipelines.source.digest;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;

/** Content of a file that is hashed by itself, by any machine that can read the file. */
public interface Piece extends Serializable {
  /** About how many bytes are read. */
  long bytes();

  /**
   * What is found in it: digests, each of 64 hexadecimal digits, or a word.
   *
   * @param file which has this piece
   * @throws IOException if it cannot be read
   */
  List<String> digests(Path file) throws IOException;
}
