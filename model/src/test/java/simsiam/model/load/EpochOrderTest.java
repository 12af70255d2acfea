package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
  @Test
  void everyImageComesOnce() {
    int[] order = EpochOrder.permutation(1, 2, 1000);
    assertThat(order).doesNotHaveDuplicates().hasSize(1000);
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).toArray());
  }

  @Test
  void theOrderIsAFunctionOfSeedAndEpoch() {
    int[] order = EpochOrder.permutation(1, 2, 1000);
    assertThat(EpochOrder.permutation(1, 2, 1000)).isEqualTo(order);
    assertThat(EpochOrder.permutation(1, 3, 1000)).isNotEqualTo(order);
    assertThat(EpochOrder.permutation(2, 2, 1000)).isNotEqualTo(order);
  }

  @Test
  void everyPermutationComesEquallyOften() {
    Map<String, Integer> counts = new HashMap<>();
    for (int epoch = 0; epoch < 24_000; epoch++) {
      counts.merge(Arrays.toString(EpochOrder.permutation(9, epoch, 4)), 1, Integer::sum);
    }
    assertThat(counts).hasSize(24);
    // Chi-squared with 23 degrees of freedom: above 53 with probability 0.0004.
    double chiSquared =
        counts.values().stream().mapToDouble(n -> (n - 1000.0) * (n - 1000.0) / 1000).sum();
    assertThat(chiSquared).isLessThan(53);
  }

  @Test
  void nothingHasAnEmptyOrder() {
    assertThat(EpochOrder.permutation(0, 0, 0)).isEmpty();
  }
}
