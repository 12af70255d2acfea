package simsiam.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChannelStatisticsTest {
  @Test
  void agreesWithTheTwoPassFormula() {
    List<ImageExample> images = Examples.random(40, 7, 3, 9);

    ChannelStatistics statistics = ChannelStatistics.of(sum(images));

    assertThat(statistics.pixels()).isEqualTo(40 * 7 * 3);
    for (int channel = 0; channel < 3; channel++) {
      double mean = meanOfPowers(images, channel, 0, 1);
      double std = Math.sqrt(meanOfPowers(images, channel, mean, 2));
      assertThat(statistics.mean().get(channel)).isCloseTo(mean, within(1e-14));
      assertThat(statistics.std().get(channel)).isCloseTo(std, within(1e-14));
    }
  }

  @Test
  void doesNotDependOnTheOrder() {
    List<ImageExample> images = Examples.random(40, 7, 3, 9);
    List<ImageExample> shuffled = new ArrayList<>(images);
    Collections.shuffle(shuffled, new Random(1));

    assertThat(sum(shuffled)).isEqualTo(sum(images));
  }

  @Test
  void aConstantImageHasNoDeviation() {
    ChannelSums sums = ChannelSums.of(new byte[] {(byte) 255, 0, 51, (byte) 255, 0, 51});

    assertThat(ChannelStatistics.of(sums))
        .isEqualTo(new ChannelStatistics(2, List.of(1.0, 0.0, 0.2), List.of(0.0, 0.0, 0.0)));
  }

  /** More pixels than are added up at once, each sum at its largest. */
  @Test
  void aLargeWhiteImageOverflowsNothing() {
    int pixels = 3 * 65536 + 7;
    byte[] white = new byte[3 * pixels];
    Arrays.fill(white, (byte) 255);

    ChannelSums sums = ChannelSums.of(white);

    assertThat(sums.pixels()).isEqualTo(pixels);
    assertThat(sums.sums()).containsOnly(255L * pixels);
    assertThat(sums.squares()).containsOnly(255L * 255 * pixels);
  }

  @Test
  void nothingHasMeanZero() {
    assertThat(ChannelStatistics.of(ChannelSums.ZERO))
        .isEqualTo(new ChannelStatistics(0, List.of(0.0, 0.0, 0.0), List.of(0.0, 0.0, 0.0)));
  }

  private static ChannelSums sum(List<ImageExample> images) {
    return images.stream()
        .map(image -> ChannelSums.of(image.image()))
        .reduce(ChannelSums.ZERO, ChannelSums::plus);
  }

  private static double meanOfPowers(
      List<ImageExample> images, int channel, double centre, int power) {
    double sum = 0;
    int count = 0;
    for (ImageExample image : images) {
      for (int i = channel; i < image.image().length; i += 3) {
        sum += Math.pow((image.image()[i] & 0xFF) / 255.0 - centre, power);
        count++;
      }
    }
    return sum / count;
  }
}
