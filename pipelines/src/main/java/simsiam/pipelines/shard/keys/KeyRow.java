package simsiam.pipelines.shard.keys;

import simsiam.model.data.prepared.PreparedKey;

/**
 * An example without its image, and where it is.
 *
 * @param run that holds it
 * @param row in that run, from 0
 * @param test whether it belongs to the test split, else to train
 */
public record KeyRow(int run, int row, boolean test, PreparedKey key) {}
