package simsiam.model.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import simsiam.model.augment.ViewDraw.Jitter;
import simsiam.model.image.Fixtures;

class ColorJitterTest {
  private static final int DRAWS = 24_000;

  private static final JitterSpec STRENGTHS = new JitterSpec(0.8, 0.4, 0.3, 1.5, 0.1);

  @Test
  void everyOrderOfTheFourComesEquallyOften() {
    Map<String, Integer> orders = new TreeMap<>();
    for (int i = 0; i < DRAWS; i++) {
      Jitter factors = draw(i);
      StringBuilder order = new StringBuilder();
      for (int k = 0; k < 4; k++) {
        order.append(factors.operation(k).name().charAt(0));
      }
      orders.merge(order.toString(), 1, Integer::sum);
    }
    assertThat(orders).hasSize(24).containsKeys("BCSH", "HSCB");
    // 23 degrees of freedom: chi-squared above 53 has probability 0.0004.
    double expected = DRAWS / 24.0;
    double chiSquared =
        orders.values().stream().mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertThat(chiSquared).isLessThan(53);
  }

  @Test
  void factorsAreUniformInTheirIntervals() {
    double[][] intervals = {{0.6, 1.4}, {0.7, 1.3}, {0, 2.5}, {-0.1, 0.1}};
    double[] sums = new double[4];
    double[] squares = new double[4];
    for (int i = 0; i < DRAWS; i++) {
      Jitter f = draw(i);
      double[] values = {f.brightness(), f.contrast(), f.saturation(), f.hue()};
      for (int k = 0; k < 4; k++) {
        assertThat(values[k]).isBetween(intervals[k][0], intervals[k][1]);
        double unit = (values[k] - intervals[k][0]) / (intervals[k][1] - intervals[k][0]);
        sums[k] += unit;
        squares[k] += unit * unit;
      }
    }
    for (int k = 0; k < 4; k++) {
      assertThat(sums[k] / DRAWS).isCloseTo(0.5, Offset.offset(0.01));
      assertThat(squares[k] / DRAWS).isCloseTo(1 / 3.0, Offset.offset(0.01));
    }
  }

  private static ViewSampler sampler(JitterSpec jitter) {
    return new ViewSampler(Specs.withJitter(32, jitter));
  }

  private static Jitter draw(int i) {
    return sampler(STRENGTHS).jitter(new ViewRandom(3, i, "jitter", 0));
  }

  @Test
  void operationsAreAppliedInTheirOrder() {
    int[] image = Fixtures.samples(Fixtures.image("augment/images/square.png"));
    int[] expected = image.clone();
    HueShift.apply(expected, 0.07);
    Tones.saturation(expected, 1.4);
    new Tones().brightness(expected, 0.7);
    new Tones().contrast(expected, 1.2);
    // Operations by number: 3, 2, 0, 1.
    new ColorJitter(STRENGTHS).apply(image, new Jitter(0b01_00_10_11, 0.7, 1.2, 1.4, 0.07));
    assertThat(image).isEqualTo(expected);
  }

  @Test
  void strengthZeroLeavesTheOperationOut() {
    JitterSpec none = new JitterSpec(1, 0, 0, 0, 0);
    int[] image = Fixtures.samples(Fixtures.image("augment/images/square.png"));
    int[] before = image.clone();
    new ColorJitter(none).apply(image, sampler(none).jitter(new ViewRandom(0, 0, "", 0)));
    assertThat(image).isEqualTo(before);
  }
}
