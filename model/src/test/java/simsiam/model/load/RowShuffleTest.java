package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import simsiam.model.data.RowGroup;

class RowShuffleTest {
  private static final int SHARDS = 5;
  private static final int GROUPS = 4;
  private static final int ROWS = 25;
  private static final long GROUP_MEMORY = 1_000 + ROWS * RowGroup.ROW_OVERHEAD;

  private static List<RowGroup> groups() {
    List<RowGroup> groups = new ArrayList<>();
    for (int i = 0; i < SHARDS * GROUPS; i++) {
      Path file = Path.of("shard-" + i / GROUPS);
      groups.add(new RowGroup(file, i / GROUPS, i % GROUPS, i * ROWS, ROWS, 1_000));
    }
    return groups;
  }

  private static final int SIZE = SHARDS * GROUPS * ROWS;

  @Test
  void aSetOfOneWindowIsPermutedAsAWhole() {
    RowShuffle shuffle = new RowShuffle(groups(), SHARDS * GROUPS * GROUP_MEMORY);
    assertThat(shuffle.plan(3, 7).rows()).isEqualTo(EpochOrder.permutation(3, 7, SIZE));
    assertThat(shuffle.memory()).isEqualTo(SHARDS * GROUPS * GROUP_MEMORY);
  }

  @Test
  void everyRowComesOnceAndAWindowHoldsRowsOfFewGroupsOnly() {
    RowShuffle shuffle = new RowShuffle(groups(), 3 * GROUP_MEMORY + 1);
    RowShuffle.Plan plan = shuffle.plan(3, 7);

    assertThat(Arrays.stream(plan.rows()).sorted().toArray())
        .isEqualTo(IntStream.range(0, SIZE).toArray());
    assertThat(plan.groups()).containsExactlyInAnyOrderElementsOf(groups());
    for (int from = 0; from < SIZE; from += 3 * ROWS) {
      Set<Integer> seen = new HashSet<>();
      for (int i = from; i < Math.min(SIZE, from + 3 * ROWS); i++) {
        seen.add(plan.rows()[i] / ROWS);
      }
      Set<Integer> planned = new HashSet<>();
      plan.groups()
          .subList(from / ROWS, Math.min(SIZE / ROWS, from / ROWS + 3))
          .forEach(group -> planned.add(group.first() / ROWS));
      assertThat(seen).isEqualTo(planned);
    }
    assertThat(shuffle.memory()).isEqualTo(4 * GROUP_MEMORY + 1);
  }

  @Test
  void shardsAndGroupsAndRowsAreShuffled() {
    RowShuffle.Plan plan = new RowShuffle(groups(), 3 * GROUP_MEMORY).plan(3, 7);
    int[] shards = plan.groups().stream().mapToInt(RowGroup::shard).toArray();
    for (int i = 0; i < shards.length; i++) {
      assertThat(shards[i]).isEqualTo(shards[i / GROUPS * GROUPS]);
    }
    assertThat(shards).isNotEqualTo(IntStream.of(shards).sorted().toArray());
    assertThat(plan.groups().stream().filter(g -> g.shard() == 2).mapToInt(RowGroup::group))
        .containsExactlyInAnyOrder(0, 1, 2, 3);
    int[] window = Arrays.copyOf(plan.rows(), 3 * ROWS);
    assertThat(window).isNotEqualTo(IntStream.of(window).sorted().toArray());
  }

  @Test
  void theOrderIsAFunctionOfSeedAndEpoch() {
    RowShuffle shuffle = new RowShuffle(groups(), 3 * GROUP_MEMORY);
    int[] order = shuffle.plan(3, 7).rows();
    assertThat(new RowShuffle(groups(), 3 * GROUP_MEMORY).plan(3, 7).rows()).isEqualTo(order);
    assertThat(shuffle.plan(3, 8).rows()).isNotEqualTo(order);
    assertThat(shuffle.plan(4, 7).rows()).isNotEqualTo(order);
  }

  /** Kept as numbers, so that a change of the order, which changes results, does not go unseen. */
  @Test
  void theOrderStaysWhatItWas() {
    int[] order = new RowShuffle(groups(), 3 * GROUP_MEMORY).plan(1, 1).rows();
    assertThat(Arrays.copyOf(order, 8)).containsExactly(486, 431, 421, 449, 424, 420, 425, 407);
  }

  @Test
  void aGroupLargerThanTheWindowIsOneOfItsOwn() {
    RowShuffle shuffle = new RowShuffle(groups(), 1);
    int[] order = shuffle.plan(1, 1).rows();
    for (int from = 0; from < SIZE; from += ROWS) {
      int group = order[from] / ROWS;
      assertThat(Arrays.stream(order, from, from + ROWS)).allMatch(row -> row / ROWS == group);
    }
    assertThat(shuffle.memory()).isEqualTo(2 * GROUP_MEMORY);
  }

  @Test
  void noRowsHaveAnEmptyOrder() {
    assertThat(new RowShuffle(List.of(), 1).plan(1, 1).rows()).isEmpty();
  }
}
