package simsiam.pipelines.shard.keys;

import java.io.Serializable;

/**
 * An example left out because another has the same pixels.
 *
 * @param run that holds it
 * @param row in that run
 */
public record Duplicate(int run, int row, Copy dropped, Copy kept) implements Serializable {
  /** One of the two. */
  public record Copy(String id, String split, int label) implements Serializable {
    static Copy of(KeyRow row) {
      return new Copy(row.key().id(), Splits.name(row.test()), row.key().label());
    }
  }

  public boolean acrossSplits() {
    return !dropped.split().equals(kept.split());
  }
}
