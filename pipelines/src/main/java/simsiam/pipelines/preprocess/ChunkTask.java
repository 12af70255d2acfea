package simsiam.pipelines.preprocess;

import java.io.Serializable;
import java.util.Locale;
import simsiam.pipelines.source.SourceChunk;

/**
 * One chunk of the source and the file it becomes.
 *
 * @param index of the chunk, from 0
 */
record ChunkTask(int index, SourceChunk chunk) implements Serializable {
  /**
   * Its file's name.
   *
   * @param count chunks in all
   */
  String fileName(int count) {
    return String.format(Locale.ROOT, "examples-%05d-of-%05d.parquet", index, count);
  }
}
