/**
 * The data contract: images, shards and their manifest. Below it lies {@code table}, Parquet as
 * this program writes and reads it; beside it {@code prepared}, what goes from preprocess to shard.
 */
package simsiam.model.data;
