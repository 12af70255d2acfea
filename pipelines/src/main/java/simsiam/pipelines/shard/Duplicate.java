package simsiam.pipelines.shard;

import java.io.Serializable;

/**
 * An example left out because another has the same pixels.
 *
 * @param run that holds it
 * @param row in that run
 */
record Duplicate(int run, int row, Copy dropped, Copy kept) implements Serializable {
  /** One of the two. */
  record Copy(String id, String split, int label) implements Serializable {
    static Copy of(KeyRow row) {
      return new Copy(row.key().id(), Splits.name(row.test()), row.key().label());
    }
  }

  boolean acrossSplits() {
    return !dropped.split().equals(kept.split());
  }
}
