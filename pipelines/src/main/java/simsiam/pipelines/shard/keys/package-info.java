/**
 * What is decided by keys alone, without images: the order, the splits, duplicates, and which shard
 * an image is in.
 */
package simsiam.pipelines.shard.keys;
