package simsiam.pipelines.shard.keys;

import java.io.Serializable;
import java.util.Locale;

/**
 * One shard of a split.
 *
 * @param index from 0
 * @param count shards of the split
 */
public record ShardId(boolean test, int index, int count)
    implements Serializable, Comparable<ShardId> {
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
