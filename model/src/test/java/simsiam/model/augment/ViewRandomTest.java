package simsiam.model.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ViewRandomTest {
  @Test
  void theSameKeysGiveTheSameNumbers() {
    ViewRandom reused = new ViewRandom(5, 6, "other", 1);
    reused.nextLong();
    reused.reset(1, 2, "image", 0);
    ViewRandom fresh = new ViewRandom(1, 2, "image", 0);
    for (int i = 0; i < 100; i++) {
      assertThat(reused.nextLong()).isEqualTo(fresh.nextLong());
    }
  }

  @Test
  void anyOtherKeyGivesOtherNumbers() {
    Set<Long> first = new HashSet<>();
    int keys = 0;
    for (long seed = 0; seed < 10; seed++) {
      for (int epoch = 0; epoch < 10; epoch++) {
        for (int image = 0; image < 100; image++) {
          for (int view = 0; view < 4; view++) {
            first.add(new ViewRandom(seed, epoch, "data_batch_1.bin#" + image, view).nextLong());
            keys++;
          }
        }
      }
    }
    assertThat(first).hasSize(keys);
  }

  @Test
  void numbersOfNeighbouringKeysAreUncorrelated() {
    int n = 20_000;
    double product = 0;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double a = new ViewRandom(1, i, "x", 0).nextDouble() - 0.5;
      double b = new ViewRandom(1, i, "x", 1).nextDouble() - 0.5;
      product += a * b;
      sum += a;
    }
    // Five standard errors: variance 1/12 each.
    assertThat(product / n * 12).isCloseTo(0, Offset.offset(5 / Math.sqrt(n)));
    assertThat(sum / n).isCloseTo(0, Offset.offset(5 / Math.sqrt(12.0 * n)));
  }

  @Test
  void integersCoverTheirRangeEvenly() {
    int[] counts = new int[7];
    ViewRandom random = new ViewRandom(0, 0, "", 0);
    for (int i = 0; i < 70_000; i++) {
      counts[random.nextInt(7)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_600, 10_400);
    }
    assertThat(random.nextInt(1)).isZero();
  }
}
