package simsiam.pipelines.shard.keys;

import java.io.Serializable;

/** Totals of both splits. */
public record SetTotals(SplitTotals train, SplitTotals test) implements Serializable {
  static final SetTotals ZERO = new SetTotals(SplitTotals.ZERO, SplitTotals.ZERO);

  /** Bytes of images that an automatic number of shards aims at. */
  private static final long SHARD_BYTES = 64L << 20;

  SetTotals plus(SetTotals other) {
    return new SetTotals(train.plus(other.train), test.plus(other.test));
  }

  /** The sum of all. */
  public static SetTotals sum(Iterable<SetTotals> parts) {
    SetTotals sum = ZERO;
    for (SetTotals part : parts) {
      sum = sum.plus(part);
    }
    return sum;
  }

  public SplitTotals split(boolean test) {
    return test ? this.test : train;
  }

  /**
   * Shards of a split: none for an empty one.
   *
   * @param wanted by the configuration; 0: as many as keep a shard near 64 MB
   */
  public int shards(boolean test, int wanted) {
    SplitTotals totals = split(test);
    if (totals.rows() == 0) {
      return 0;
    }
    if (wanted > 0) {
      return wanted;
    }
    long near = (totals.imageBytes() + SHARD_BYTES / 2) / SHARD_BYTES;
    return Math.toIntExact(Math.max(1, near));
  }
}
