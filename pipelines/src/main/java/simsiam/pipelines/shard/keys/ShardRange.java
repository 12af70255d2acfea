package simsiam.pipelines.shard.keys;

import java.io.Serializable;

/**
 * Shards that follow one another, where those of train come first and then those of test.
 *
 * @param train shards of the train split
 * @param test shards of the test split
 * @param from place of the first, from 0
 * @param to place after the last
 */
public record ShardRange(int train, int test, int from, int to) implements Serializable {
  /** Every shard of a set. */
  public static ShardRange all(int train, int test) {
    return new ShardRange(train, test, 0, Math.addExact(train, test));
  }

  public int size() {
    return to - from;
  }

  /** The first shard. */
  public ShardId first() {
    return from < train ? new ShardId(false, from, train) : new ShardId(true, from - train, test);
  }

  /** The place, among the shards of this range, of the one that holds an image. */
  public int place(boolean inTest, OrderKey order) {
    return (inTest ? train + order.shard(test) : order.shard(train)) - from;
  }

  /**
   * One of the parts of about equal size that the range is cut into.
   *
   * @param index from 0
   * @param count at most {@link #size()}
   */
  public ShardRange part(int index, int count) {
    return new ShardRange(train, test, start(index, count), start(index + 1, count));
  }

  private int start(int index, int count) {
    return from + (int) ((long) size() * index / count);
  }
}
