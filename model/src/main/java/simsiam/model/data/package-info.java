/** The data contract: Parquet schemas of shards and features, their readers, and the manifest. */
package simsiam.model.data;
