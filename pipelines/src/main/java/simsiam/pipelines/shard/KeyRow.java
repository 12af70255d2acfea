package simsiam.pipelines.shard;

import simsiam.model.data.PreparedKey;

/**
 * An example without its image, and where it is.
 *
 * @param run that holds it
 * @param row in that run, from 0
 * @param test whether it belongs to the test split, else to train
 */
record KeyRow(int run, int row, boolean test, PreparedKey key) {}
