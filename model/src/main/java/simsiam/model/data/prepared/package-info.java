/** Files of prepared examples, from preprocess to shard. */
package simsiam.model.data.prepared;
