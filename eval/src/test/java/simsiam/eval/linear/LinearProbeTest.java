package simsiam.eval.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;
import simsiam.model.engine.LinearAlgebra;

class LinearProbeTest {
  private static final FeatureSet TRAIN = SyntheticFeatures.clouds(700, 16, 5, 0.4, 1);
  private static final FeatureSet TEST = SyntheticFeatures.clouds(301, 16, 5, 0.4, 2);

  @Test
  void learnsSeparableClasses() {
    LinearResult result = run(new LinearSpec(20, 64, 1, false), TRAIN, TEST);
    assertThat(result.last().top1()).isGreaterThan(99);
    assertThat(result.last().top5()).isEqualTo(100);
    assertThat(result.last().n()).isEqualTo(301);
    assertThat(result.curve()).hasSize(20);
    assertThat(result.curve().get(19).trainLoss()).isLessThan(0.05);
  }

  @Test
  void oneEpochEqualsTheNaiveOne() {
    LinearSpec spec = new LinearSpec(1, 256, 0.2, false);
    LinearResult result = run(spec, TRAIN, TEST);

    Random random = new Random(9);
    SoftmaxRegression start =
        new SoftmaxRegression(new JavaLinearAlgebra(), 16, 5, LinearOptimizer.SGD, random);
    NaiveProbe naive = new NaiveProbe(start.weights(), start.bias());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < TRAIN.size(); i++) {
      order.add(i);
    }
    java.util.Collections.shuffle(order, random);
    double loss = 0;
    int[] batches = {256, 256, 188};
    int from = 0;
    for (int step = 0; step < 3; step++) {
      int[] chosen =
          order.subList(from, from + batches[step]).stream().mapToInt(Integer::intValue).toArray();
      FeatureSet batch = TRAIN.select(chosen);
      double lr = 0.2 * 0.5 * (1 + Math.cos(Math.PI * step / 3));
      loss += naive.step(batch.features().block(0), batch.labels(), chosen.length, lr);
      from += batches[step];
    }
    int correct = 0;
    for (int i = 0; i < TEST.size(); i++) {
      double[] p = naive.probabilities(TEST.features().block(0), i);
      boolean first = true;
      for (double other : p) {
        first &= p[TEST.labels()[i]] >= other;
      }
      correct += first ? 1 : 0;
    }
    assertThat(result.curve().get(0).trainLoss()).isCloseTo(loss / 700, within(1e-5));
    assertThat(result.curve().get(0).lr()).isCloseTo(0.2 * 0.25, within(1e-12));
    assertThat(result.last().top1()).isCloseTo(100.0 * correct / 301, within(1e-9));
  }

  @Test
  void repeatsItselfBitForBitAndDependsOnTheSeed() {
    LinearSpec spec = new LinearSpec(3, 100, 1, false);
    LinearResult first = run(spec, TRAIN, TEST);
    assertThat(run(spec, TRAIN, TEST)).isEqualTo(first);
    LinearResult other =
        new LinearProbe(spec, new JavaLinearAlgebra(), 10).run(TRAIN, TEST, epoch -> {});
    assertThat(other.curve()).isNotEqualTo(first.curve());
  }

  @Test
  void showsEveryImageOnceAnEpoch() {
    List<Float> seen = new ArrayList<>();
    float[] index = new float[10];
    for (int i = 0; i < 10; i++) {
      index[i] = i;
    }
    FeatureSet train = SyntheticFeatures.of(1, index, new int[10], 2);
    FeatureSet test = SyntheticFeatures.of(1, new float[] {100}, new int[] {0}, 2);
    LinearAlgebra recording = new Recording(seen);

    new LinearProbe(new LinearSpec(2, 4, 0.01, false), recording, 1).run(train, test, e -> {});

    List<Float> first = seen.subList(0, 10);
    Set<Float> all = new HashSet<>(first);
    assertThat(all).hasSize(10);
    assertThat(seen.subList(10, 20)).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
  }

  @Test
  void theProtocolsRateIsBearableForPooledFeatures() {
    // Pooled ReLU outputs of a ResNet-10 of width 16: 128 channels, not negative, means near 0.5.
    FeatureSet train = rectified(SyntheticFeatures.clouds(2000, 128, 10, 2.0, 1));
    FeatureSet test = rectified(SyntheticFeatures.clouds(500, 128, 10, 2.0, 2));
    LinearResult result = run(new LinearSpec(30, 256, 30, false), train, test);
    assertThat(result.curve()).allSatisfy(e -> assertThat(e.trainLoss()).isFinite());
    assertThat(result.last().top1()).isGreaterThan(80);
  }

  @Test
  void bestIsTheFirstEpochWithTheHighestAccuracy() {
    FeatureSet noisy = SyntheticFeatures.clouds(200, 16, 5, 3, 2);
    LinearResult result = run(new LinearSpec(12, 64, 1, false), TRAIN, noisy);
    double highest = result.curve().stream().mapToDouble(LinearEpoch::testTop1).max().orElseThrow();
    int first =
        result.curve().stream()
            .filter(e -> e.testTop1() == highest)
            .findFirst()
            .orElseThrow()
            .epoch();
    assertThat(result.best().top1()).isEqualTo(highest);
    assertThat(result.bestEpoch()).isEqualTo(first);
    assertThat(result.last().top1()).isEqualTo(result.curve().get(11).testTop1());
  }

  @Test
  void standardisingUndoesShiftAndScaleOfChannels() {
    LinearSpec spec = new LinearSpec(4, 64, 1, true);
    LinearResult plain = run(spec, TRAIN, TEST);
    LinearResult moved = run(spec, moved(TRAIN), moved(TEST));
    for (int epoch = 0; epoch < 4; epoch++) {
      assertThat(moved.curve().get(epoch).trainLoss())
          .isCloseTo(plain.curve().get(epoch).trainLoss(), within(1e-3));
    }
    assertThat(moved.last().top1()).isCloseTo(plain.last().top1(), within(0.4));
  }

  @Test
  void leavesOutAndCountsImagesWithoutALabel() {
    int[] labels = TRAIN.labels().clone();
    labels[3] = -1;
    FeatureSet partly = SyntheticFeatures.of(16, TRAIN.features().copy(0, 700), labels, 5);
    LinearResult result = run(new LinearSpec(1, 64, 1, false), partly, TEST);
    assertThat(result.train()).isEqualTo(699);
    assertThat(result.trainUnlabelled()).isEqualTo(1);
  }

  @Test
  void stopsWhenTheLossIsNotFinite() {
    float[] huge = new float[700 * 16];
    java.util.Arrays.fill(huge, 1e30f);
    FeatureSet train = SyntheticFeatures.of(16, huge, TRAIN.labels(), 5);
    assertThatThrownBy(() -> run(new LinearSpec(2, 256, 30, false), train, TEST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching(
            "Cannot train the linear probe: expected a finite loss, got NaN \\(epoch 1, step 2, rate [0-9.]+\\); a lower linear.lr or linear.standardize may help");
  }

  @Test
  void refusesATrainSplitWithoutLabels() {
    FeatureSet train = SyntheticFeatures.of(16, new float[16], new int[] {-1}, 5);
    assertThatThrownBy(() -> run(new LinearSpec(1, 1, 1, false), train, TEST))
        .hasMessage("Cannot train the linear probe: expected labelled images, got none of 1");
  }

  private static LinearResult run(LinearSpec spec, FeatureSet train, FeatureSet test) {
    return new LinearProbe(spec, new JavaLinearAlgebra(), 9).run(train, test, epoch -> {});
  }

  private static FeatureSet rectified(FeatureSet set) {
    float[] values = set.features().copy(0, set.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, 0.4f + 0.3f * values[i]);
    }
    return new FeatureSet(set.dim(), values, set.labels(), set.ids(), set.classNames());
  }

  private static FeatureSet moved(FeatureSet set) {
    float[] values = set.features().copy(0, set.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] * (1 + i % set.dim()) + 3 * (i % set.dim());
    }
    return new FeatureSet(set.dim(), values, set.labels(), set.ids(), set.classNames());
  }

  /** Notes the one feature of every image that passes forward through the layer in training. */
  private record Recording(List<Float> seen) implements LinearAlgebra {
    @Override
    public void gemm(
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        float[] a,
        int aOffset,
        float[] b,
        int bOffset,
        float[] c) {
      boolean forward = transposeB;
      for (int i = 0; forward && i < m; i++) {
        if (a[aOffset + i] < 100) {
          seen.add(a[aOffset + i]);
        }
      }
      new JavaLinearAlgebra().gemm(transposeA, transposeB, m, n, k, a, aOffset, b, bOffset, c);
    }
  }
}
