package simsiam.pipelines.shard;

import java.io.Serializable;
import simsiam.model.data.table.WrittenFile;
import simsiam.pipelines.shard.keys.ShardId;

/** A shard that was written. */
record WrittenShard(ShardId shard, WrittenFile file) implements Serializable {}
