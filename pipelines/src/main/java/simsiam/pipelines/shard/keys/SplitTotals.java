package simsiam.pipelines.shard.keys;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.prepared.PreparedKey;

/**
 * Exact totals of one split: the same in whatever order its examples are added.
 *
 * @param imageBytes of the stored images
 * @param classCounts images by label (class or label set), as far as the highest label seen
 * @param unlabelled images without a label
 */
public record SplitTotals(
    long rows, long imageBytes, List<Long> classCounts, long unlabelled, ChannelSums sums)
    implements Serializable {
  static final SplitTotals ZERO = new SplitTotals(0, 0, List.of(), 0, ChannelSums.ZERO);

  public SplitTotals {
    classCounts = List.copyOf(classCounts);
  }

  static SplitTotals of(List<PreparedKey> keys) {
    List<Long> counts = new ArrayList<>();
    long bytes = 0;
    long unlabelled = 0;
    ChannelSums sums = ChannelSums.ZERO;
    for (PreparedKey key : keys) {
      bytes += key.imageBytes();
      sums = sums.plus(key.sums());
      if (key.label() < 0) {
        unlabelled++;
      } else {
        grow(counts, key.label() + 1);
        counts.set(key.label(), counts.get(key.label()) + 1);
      }
    }
    return new SplitTotals(keys.size(), bytes, counts, unlabelled, sums);
  }

  SplitTotals plus(SplitTotals other) {
    List<Long> counts = new ArrayList<>(classCounts);
    grow(counts, other.classCounts.size());
    for (int label = 0; label < other.classCounts.size(); label++) {
      counts.set(label, counts.get(label) + other.classCounts.get(label));
    }
    return new SplitTotals(
        rows + other.rows,
        imageBytes + other.imageBytes,
        counts,
        unlabelled + other.unlabelled,
        sums.plus(other.sums));
  }

  private static void grow(List<Long> counts, int size) {
    while (counts.size() < size) {
      counts.add(0L);
    }
  }
}
