package simsiam.pipelines.preprocess;

import java.io.Serializable;
import java.util.List;

/**
 * What became of one chunk.
 *
 * @param index of the chunk
 * @param rejects in source order
 */
record ChunkOutcome(int index, PreparedSummary.Part part, List<Reject> rejects)
    implements Serializable {}
