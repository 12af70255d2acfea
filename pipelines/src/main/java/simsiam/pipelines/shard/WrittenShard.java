package simsiam.pipelines.shard;

import java.io.Serializable;
import simsiam.model.data.WrittenFile;

/** A shard that was written. */
record WrittenShard(ShardId shard, WrittenFile file) implements Serializable {}
