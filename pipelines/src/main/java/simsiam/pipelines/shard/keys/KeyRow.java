package simsiam.pipelines.shard.keys;

import java.util.Comparator;
import simsiam.model.data.prepared.PreparedKey;

/**
 * An example without its image, and where it is.
 *
 * @param run that holds it
 * @param row in that run, from 0
 * @param test whether it belongs to the test split, else to train
 */
public record KeyRow(int run, int row, boolean test, PreparedKey key) {
  private static final Comparator<KeyRow> KEPT_FIRST =
      Comparator.comparing(KeyRow::test)
          .reversed()
          .thenComparing(row -> row.key().id())
          .thenComparing(KeyRow::run)
          .thenComparing(KeyRow::row);

  /**
   * Which of two equal images is kept: that of the test split, so that no test image is trained on;
   * else that of the smaller id.
   */
  static KeyRow kept(KeyRow one, KeyRow other) {
    return KEPT_FIRST.compare(one, other) <= 0 ? one : other;
  }
}
