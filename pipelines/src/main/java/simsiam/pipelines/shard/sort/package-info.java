/** Brings images into the order of their keys: sorted runs on disk, merged into shards. */
package simsiam.pipelines.shard.sort;
