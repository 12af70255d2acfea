package simsiam.pipelines.preprocess;

import java.io.Serializable;
import java.util.Locale;
import simsiam.pipelines.source.SourceChunk;

/**
 * One chunk of the source and the file it becomes.
 *
 * @param index of the chunk, from 0
 * @param count chunks in all
 */
record ChunkTask(int index, int count, SourceChunk chunk) implements Serializable {
  String fileName() {
    return String.format(Locale.ROOT, "examples-%05d-of-%05d.parquet", index, count);
  }
}
