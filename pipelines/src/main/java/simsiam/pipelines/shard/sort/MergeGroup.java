package simsiam.pipelines.shard.sort;

import java.io.Serializable;
import simsiam.pipelines.shard.keys.ShardRange;

/**
 * Sorted runs that are merged together, all of the same shards.
 *
 * @param index among the groups of these shards, from 0
 */
public record MergeGroup(int index, ShardRange shards) implements Serializable {}
