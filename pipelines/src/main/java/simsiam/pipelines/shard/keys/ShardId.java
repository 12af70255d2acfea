package simsiam.pipelines.shard.keys;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One shard of a split.
 *
 * @param index from 0
 * @param count shards of the split
 */
public record ShardId(boolean test, int index, int count)
    implements Serializable, Comparable<ShardId> {
  /** Every shard: those of train, then those of test. */
  public static List<ShardId> all(int trainShards, int testShards) {
    List<ShardId> all = new ArrayList<>();
    for (int i = 0; i < trainShards; i++) {
      all.add(new ShardId(false, i, trainShards));
    }
    for (int i = 0; i < testShards; i++) {
      all.add(new ShardId(true, i, testShards));
    }
    return all;
  }

  public boolean holds(boolean ofTest, OrderKey order) {
    return ofTest == test && order.shard(count) == index;
  }

  public String split() {
    return Splits.name(test);
  }

  public String fileName() {
    return String.format(Locale.ROOT, "%s-%05d-of-%05d.parquet", split(), index, count);
  }

  @Override
  public int compareTo(ShardId other) {
    int bySplit = Boolean.compare(test, other.test);
    return bySplit != 0 ? bySplit : Integer.compare(index, other.index);
  }
}
