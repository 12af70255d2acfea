package simsiam.pipelines.preprocess;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of one chunk.
 *
 * @param index of the chunk
 * @param rejects images that could not be used, by reason
 * @param rejectsFile temporary file with a line for each of them, in source order; empty text where
 *     there are none
 */
record ChunkOutcome(
    int index, PreparedSummary.Part part, Map<String, Long> rejects, String rejectsFile)
    implements Serializable {
  ChunkOutcome {
    rejects = new TreeMap<>(rejects);
  }
}
