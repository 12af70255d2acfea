/** Second Beam pipeline: examples to deduplicated, split, ordered shards and their manifest. */
package simsiam.pipelines.shard;
