package simsiam.pipelines.shard.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.prepared.PreparedKey;

class SetTotalsTest {
  @Test
  void addsUpInAnyOrder() {
    SplitTotals a = SplitTotals.of(List.of(key(0, 10), key(2, 20)));
    SplitTotals b = SplitTotals.of(List.of(key(-1, 5), key(0, 1)));
    SetTotals first = new SetTotals(a, SplitTotals.ZERO);
    SetTotals second = new SetTotals(b, a);

    SetTotals sum = SetTotals.sum(List.of(first, second));

    assertThat(sum).isEqualTo(SetTotals.sum(List.of(second, first)));
    assertThat(sum.train().rows()).isEqualTo(4);
    assertThat(sum.train().imageBytes()).isEqualTo(36);
    assertThat(sum.train().classCounts()).containsExactly(2L, 0L, 1L);
    assertThat(sum.train().unlabelled()).isEqualTo(1);
    assertThat(sum.train().sums().pixels()).isEqualTo(4);
    assertThat(sum.test()).isEqualTo(a);
  }

  @Test
  void anAutomaticNumberOfShardsKeepsThemNear64Megabytes() {
    assertThat(shards(0, 0, 0)).isZero();
    assertThat(shards(0, 0, 4)).isZero();
    assertThat(shards(1, 100, 0)).isEqualTo(1);
    assertThat(shards(1, 95 << 20, 0)).isEqualTo(1);
    assertThat(shards(1, 97 << 20, 0)).isEqualTo(2);
    assertThat(shards(1, 640 << 20, 0)).isEqualTo(10);
    assertThat(shards(1, 640 << 20, 4)).isEqualTo(4);
  }

  @Test
  void theNumberOfBucketsFollowsTheNumberOfRows() {
    assertThat(ReadKeys.bucketBits(0)).isEqualTo(2);
    assertThat(ReadKeys.bucketBits(60_000)).isEqualTo(2);
    assertThat(ReadKeys.bucketBits(1_000_000)).isEqualTo(6);
    assertThat(ReadKeys.bucketBits(Long.MAX_VALUE)).isEqualTo(16);
  }

  private static int shards(long rows, long bytes, int wanted) {
    SplitTotals totals = new SplitTotals(rows, bytes, List.of(), 0, ChannelSums.ZERO);
    return new SetTotals(totals, SplitTotals.ZERO).shards(false, wanted);
  }

  private static PreparedKey key(int label, int bytes) {
    return new PreparedKey("a", label, bytes, new byte[32], ChannelSums.of(new byte[3]));
  }
}
