package simsiam.pipelines.shard.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardRangeTest {
  @Test
  void trainComesFirstThenTest() {
    ShardRange all = ShardRange.all(3, 2);
    List<ShardId> ids =
        IntStream.range(0, all.size()).mapToObj(i -> all.part(i, all.size()).first()).toList();

    assertThat(ids)
        .containsExactly(
            new ShardId(false, 0, 3),
            new ShardId(false, 1, 3),
            new ShardId(false, 2, 3),
            new ShardId(true, 0, 2),
            new ShardId(true, 1, 2));
  }

  @Test
  void aPlaceIsThatOfTheShardThatHoldsTheImage() {
    Random random = new Random(1);
    ShardRange all = ShardRange.all(7, 4);
    ShardRange part = all.part(1, 3);
    for (int i = 0; i < 1_000; i++) {
      OrderKey key = new OrderKey(random.nextLong(), random.nextLong());
      for (boolean test : new boolean[] {false, true}) {
        int place = all.place(test, key);
        ShardId id = all.part(place, all.size()).first();

        assertThat(id.test()).isEqualTo(test);
        assertThat(id.index()).isEqualTo(key.shard(test ? 4 : 7));
        assertThat(part.place(test, key)).isEqualTo(place - part.from());
      }
    }
  }

  @Test
  void partsCoverTheRangeInOrder() {
    ShardRange range = new ShardRange(200_000, 50_000, 17, 240_000);
    List<Integer> sizes = new ArrayList<>();
    int next = range.from();
    for (int i = 0; i < 64; i++) {
      ShardRange part = range.part(i, 64);
      assertThat(part.from()).isEqualTo(next);
      next = part.to();
      sizes.add(part.size());
    }

    assertThat(next).isEqualTo(range.to());
    assertThat(sizes).allMatch(size -> size == 3749 || size == 3750);
  }
}
