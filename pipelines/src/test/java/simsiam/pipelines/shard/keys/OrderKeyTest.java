package simsiam.pipelines.shard.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderKeyTest {
  private static final BigInteger RANGE = BigInteger.ONE.shiftLeft(64);

  @Test
  void theShardIsTheKeysShareOfTheRange() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      OrderKey key = new OrderKey(random.nextLong(), random.nextLong());
      int shards = 1 + random.nextInt(1_000);
      BigInteger unsigned = new BigInteger(Long.toUnsignedString(key.high()));
      int expected = unsigned.multiply(BigInteger.valueOf(shards)).divide(RANGE).intValueExact();

      assertThat(key.shard(shards)).isEqualTo(expected);
    }
  }

  @Test
  void theEndsOfTheRangeFallInTheFirstAndTheLastShard() {
    assertThat(new OrderKey(0, 0).shard(7)).isZero();
    assertThat(new OrderKey(-1, -1).shard(7)).isEqualTo(6);
  }

  @Test
  void comparesAsAnUnsignedNumber() {
    assertThat(new OrderKey(-1, 0)).isGreaterThan(new OrderKey(1, 0));
    assertThat(new OrderKey(5, -1)).isGreaterThan(new OrderKey(5, 1));
    assertThat(new OrderKey(5, 1)).isEqualByComparingTo(new OrderKey(5, 1));
  }

  @Test
  void dependsOnSaltAndId() {
    assertThat(OrderKey.order("s", "a")).isEqualTo(OrderKey.order("s", "a"));
    assertThat(OrderKey.order("s", "a")).isNotEqualTo(OrderKey.order("t", "a"));
    assertThat(OrderKey.order("s", "a")).isNotEqualTo(OrderKey.order("s", "b"));
    assertThat(OrderKey.order("sa", "b")).isNotEqualTo(OrderKey.order("s", "ab"));
  }

  @Test
  void doesNotChangeBetweenReleases() {
    // Shards already written depend on it: SHA-256 of "order" FF "salt" FF "id" FF.
    assertThat(OrderKey.order("salt", "id"))
        .isEqualTo(
            new OrderKey(
                Long.parseUnsignedLong("fdb0cd8b7929d193", 16),
                Long.parseUnsignedLong("426375e8be31ab87", 16)));
  }

  @Test
  void splitsNearTheFractionAndApartFromTheOrder() {
    int[] test =
        IntStream.range(0, 20_000).filter(i -> OrderKey.inTest("salt", "id" + i, 0.1)).toArray();

    assertThat(test.length / 20_000.0).isCloseTo(0.1, within(0.01));
    double inFirstHalf =
        IntStream.of(test).filter(i -> OrderKey.order("salt", "id" + i).shard(2) == 0).count();
    assertThat(inFirstHalf / test.length).isCloseTo(0.5, within(0.05));
    assertThat(IntStream.range(0, 1000).anyMatch(i -> OrderKey.inTest("salt", "id" + i, 0)))
        .isFalse();
  }
}
