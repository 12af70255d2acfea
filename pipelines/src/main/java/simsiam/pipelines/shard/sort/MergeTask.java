package simsiam.pipelines.shard.sort;

import java.io.Serializable;
import java.util.List;
import simsiam.pipelines.shard.keys.ShardRange;

/**
 * Segments that become one run or, where it is of one shard and the last merge, that shard.
 *
 * @param index of the group of runs that they are of
 * @param segments of different runs, none of them empty
 */
public record MergeTask(int index, ShardRange shards, List<RunSegment> segments)
    implements Serializable {
  public MergeTask {
    segments = List.copyOf(segments);
  }
}
