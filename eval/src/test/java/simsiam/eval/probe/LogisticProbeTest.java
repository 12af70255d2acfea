package simsiam.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;

/**
 * Expected values are those of scikit-learn 1.9.1's LogisticRegression (lbfgs, tol 1e-10) on the
 * same features, standardised, with the same images held out.
 */
class LogisticProbeTest {
  private static final ProbeSpec SPEC =
      new ProbeSpec(List.of(0.001, 0.01, 0.1, 1.0, 10.0), 0.2, 1e-6, 1000);
  private static final FeatureSet TRAIN = SyntheticFeatures.congruent(600, 1);
  private static final FeatureSet TEST = SyntheticFeatures.congruent(400, 2);

  private static final double[] HELD_OUT_LOSS = {
    1.418204098, 0.920301232, 0.687380666, 0.685885314, 0.695566198
  };
  private static final double[] HELD_OUT_TOP1 = {
    69.491525, 73.728814, 74.576271, 74.576271, 74.576271
  };
  private static final double[] FITTED_LOSS = {
    1.417143418, 0.907002506, 0.631728698, 0.590744558, 0.589208304
  };

  private static ProbeResult run(ProbeSpec spec, FeatureSet train, FeatureSet test) {
    return new LogisticProbe(spec, new JavaLinearAlgebra()).run(train, test, fit -> {});
  }

  @Test
  void everyFitIsScikitLearns() {
    ProbeResult result = run(SPEC, TRAIN, TEST);

    assertThat(result.heldOut()).isEqualTo(118);
    assertThat(result.tried()).hasSize(5);
    for (int i = 0; i < 5; i++) {
      ProbeFit fit = result.tried().get(i);
      assertThat(fit.converged()).as(fit.toString()).isTrue();
      assertThat(fit.heldOutLoss()).isCloseTo(HELD_OUT_LOSS[i], within(1e-4));
      assertThat(fit.heldOutTop1()).isCloseTo(HELD_OUT_TOP1[i], within(1e-5));
      assertThat(fit.trainLoss()).isCloseTo(FITTED_LOSS[i], within(1e-5));
    }
  }

  @Test
  void theBestOnHeldOutImagesIsFittedToAllAndTested() {
    ProbeResult result = run(SPEC, TRAIN, TEST);

    assertThat(result.fit().c()).as("the smallest of three that are equal").isEqualTo(0.1);
    assertThat(result.train()).isEqualTo(600);
    assertThat(result.fit().trainLoss()).isCloseTo(0.630341075, within(1e-5));
    assertThat(result.fit().trainTop1()).isCloseTo(76.333333, within(1e-5));
    assertThat(result.report().top1()).isCloseTo(72.5, within(1e-9));
    assertThat(result.report().n()).isEqualTo(400);
    assertThat(result.calibrationError()).isCloseTo(5.625788394, within(1e-3));
    assertThat(result.atEdge()).isFalse();
  }

  /** What the probe by SGD is not: its untrained encoder had features 20 times smaller. */
  @Test
  void theScaleOfTheFeaturesDoesNotMatter() {
    float[] values = TRAIN.features().copy(0, TRAIN.size());
    float[] tested = TEST.features().copy(0, TEST.size());
    for (float[] set : List.of(values, tested)) {
      for (int i = 0; i < set.length; i++) {
        set[i] = set[i] / 32 + 0.5f * (i % 12);
      }
    }
    ProbeResult moved =
        run(
            SPEC,
            SyntheticFeatures.of(12, values, TRAIN.labels(), 5),
            SyntheticFeatures.of(12, tested, TEST.labels(), 5));
    ProbeResult plain = run(SPEC, TRAIN, TEST);

    assertThat(moved.report().top1()).isCloseTo(plain.report().top1(), within(0.51));
    assertThat(moved.fit().trainLoss()).isCloseTo(plain.fit().trainLoss(), within(2e-3));
  }

  @Test
  void inTheMemoryOfTheFeaturesTheResultIsTheSame() {
    int[] labels = TRAIN.labels().clone();
    labels[7] = -1;
    FeatureSet kept = SyntheticFeatures.of(12, TRAIN.features().copy(0, 600), labels, 5);
    FeatureSet given = SyntheticFeatures.of(12, TRAIN.features().copy(0, 600), labels, 5);
    LogisticProbe probe = new LogisticProbe(SPEC, new JavaLinearAlgebra());
    assertThat(probe.runInPlace(given, TEST, fit -> {}))
        .isEqualTo(probe.run(kept, TEST, fit -> {}));
  }

  @Test
  void theResultIsTheSameOnAnyNumberOfThreads() {
    ProbeResult alone = onThreads(1);
    assertThat(onThreads(3)).isEqualTo(alone);
    assertThat(onThreads(8)).isEqualTo(alone);
  }

  private static ProbeResult onThreads(int threads) {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(() -> run(SPEC, TRAIN, TEST)).join();
    } finally {
      pool.shutdown();
    }
  }

  /** Few classes are fitted with all values of C at once, many with one after another. */
  @Test
  void fitsThatShareAPassAreThoseThatDoNot() {
    FeatureSet train = SyntheticFeatures.clouds(900, 12, 70, 1.5, 1);
    FeatureSet test = SyntheticFeatures.clouds(300, 12, 70, 1.5, 2);
    ProbeResult many = run(SPEC, train, test);
    List<ProbeFit> few = run(SPEC, TRAIN, TEST).tried();
    for (int i = 0; i < 5; i++) {
      double c = SPEC.c().get(i);
      ProbeSpec alone = new ProbeSpec(List.of(c), 0.2, 1e-6, 1000);
      same(run(alone, train, test).tried().get(0), many.tried().get(i));
      same(run(alone, TRAIN, TEST).tried().get(0), few.get(i));
    }
  }

  private static void same(ProbeFit fit, ProbeFit other) {
    assertThat(fit.converged()).as(fit.toString()).isTrue();
    assertThat(other.converged()).as(other.toString()).isTrue();
    assertThat(other.trainLoss()).isCloseTo(fit.trainLoss(), within(5e-5));
    assertThat(other.heldOutLoss()).isCloseTo(fit.heldOutLoss(), within(1e-3));
  }

  /**
   * More rows than a pass and a block of the matrix hold, against the same rows given twice less.
   */
  @Test
  void blocksAreSummed() {
    int times = 20;
    int n = TRAIN.size();
    float[] values = new float[times * n * 12];
    int[] labels = new int[times * n];
    for (int i = 0; i < times; i++) {
      System.arraycopy(TRAIN.features().copy(0, n), 0, values, i * n * 12, n * 12);
      System.arraycopy(TRAIN.labels(), 0, labels, i * n, n);
    }
    ProbeSpec one = new ProbeSpec(List.of(0.1), 1e-9, 1e-6, 1000);
    ProbeSpec many = new ProbeSpec(List.of(0.1 / times), 1e-9, 1e-6, 1000);

    ProbeResult plain = run(one, TRAIN, TEST);
    ProbeResult repeated = run(many, SyntheticFeatures.of(12, values, labels, 5), TEST);

    assertThat(repeated.train()).isEqualTo(12_000);
    assertThat(repeated.fit().trainLoss()).isCloseTo(plain.fit().trainLoss(), within(1e-5));
    assertThat(repeated.report()).isEqualTo(plain.report());
    assertThat(plain.fit().trainLoss()).isCloseTo(0.630341075, within(1e-5));
  }

  /**
   * More channels than are factored: every channel 180 times, so that weights a 180th as large give
   * the same function at a 180th of the penalty. Sums of so many float32 products are rounded more.
   */
  @Test
  void manyChannelsAreSolvedToo() {
    int times = 180;
    ProbeSpec spec = new ProbeSpec(List.of(0.1 / times), 1e-9, 2e-4, 1000);
    ProbeResult wide = run(spec, widened(TRAIN, times), widened(TEST, times));

    assertThat(wide.fit().converged()).as(wide.fit().toString()).isTrue();
    assertThat(wide.fit().trainLoss()).isCloseTo(0.630341075, within(1e-4));
    assertThat(wide.report().top1()).isCloseTo(72.5, within(0.3));
  }

  private static FeatureSet widened(FeatureSet set, int times) {
    float[] values = new float[set.size() * 12 * times];
    for (int i = 0; i < values.length; i++) {
      values[i] = set.features().holding(0)[i / (12 * times) * 12 + i % 12];
    }
    return SyntheticFeatures.of(12 * times, values, set.labels(), 5);
  }

  @Test
  void withoutImagesToHoldOutTheMiddleIsTaken() {
    int[] firstOfEach =
        java.util.stream.IntStream.range(0, 5)
            .map(
                c ->
                    java.util.stream.IntStream.range(0, 600)
                        .filter(i -> TRAIN.labels()[i] == c)
                        .findFirst()
                        .getAsInt())
            .toArray();
    ProbeResult result = run(SPEC, TRAIN.select(firstOfEach), TEST);
    assertThat(result.heldOut()).isZero();
    assertThat(result.tried()).isEmpty();
    assertThat(result.fit().c()).isEqualTo(0.1);
    assertThat(result.train()).isEqualTo(5);
  }

  @Test
  void aClassWithoutTrainingImagesIsNeverGuessed() {
    int[] labels = TRAIN.labels().clone();
    for (int i = 0; i < labels.length; i++) {
      labels[i] = labels[i] == 4 || i == 7 ? -1 : labels[i];
    }
    FeatureSet partly = SyntheticFeatures.of(12, TRAIN.features().copy(0, 600), labels, 5);
    ProbeResult result = run(SPEC, partly, TEST);
    assertThat(result.trainUnlabelled())
        .isEqualTo((int) Arrays.stream(labels).filter(l -> l < 0).count());
    for (int truth = 0; truth < 5; truth++) {
      assertThat(result.report().confusion().count(truth, 4)).isZero();
    }
    assertThat(result.report().n()).isEqualTo(400);
  }

  /** All features alike: classes are guessed by their share of the training images. */
  @Test
  void collapsedFeaturesLeaveTheClassesShares() {
    float[] values = new float[600 * 12];
    Arrays.fill(values, 0.1f);
    ProbeResult result =
        run(
            SPEC,
            SyntheticFeatures.of(12, values, TRAIN.labels(), 5),
            SyntheticFeatures.of(12, Arrays.copyOf(values, 400 * 12), TEST.labels(), 5));
    double entropy = 0;
    for (int count : new int[] {110, 116, 128, 118, 128}) {
      entropy -= count / 600.0 * Math.log(count / 600.0);
    }
    assertThat(result.fit().trainLoss()).isCloseTo(entropy, within(1e-5));
  }

  /** The last C tried leaves predictions that are all but certain; the best has no such ones. */
  @Test
  void theLastFitBeginsNearItsEndWhateverWasTriedBefore() {
    FeatureSet train = SyntheticFeatures.clouds(600, 12, 5, 0.5, 1);
    FeatureSet test = SyntheticFeatures.clouds(400, 12, 5, 0.5, 2);
    ProbeResult result = run(new ProbeSpec(List.of(0.001, 1e6), 0.2, 1e-6, 1000), train, test);

    assertThat(result.fit().c()).isEqualTo(0.001);
    assertThat(result.fit().converged()).isTrue();
    assertThat(result.fit().iterations()).isLessThanOrEqualTo(result.tried().get(0).iterations());
  }

  @Test
  void aFitThatIsGivenUpIsSaidToBe() {
    ProbeResult result = run(new ProbeSpec(List.of(1.0), 0.2, 1e-7, 2), TRAIN, TEST);
    assertThat(result.fit().converged()).isFalse();
    assertThat(result.fit().iterations()).isEqualTo(2);
    assertThat(result.fit().gradient()).isGreaterThan(1e-7);
  }

  @Test
  void tellsOfEachFit() {
    List<Double> told = new ArrayList<>();
    new LogisticProbe(SPEC, new JavaLinearAlgebra()).run(TRAIN, TEST, fit -> told.add(fit.c()));
    assertThat(told).hasSize(6).endsWith(0.1).contains(0.001, 0.01, 0.1, 1.0, 10.0);
    assertThat(LogisticProbe.fits(SPEC)).isEqualTo(6);
  }

  @Test
  void refusesATrainSplitWithoutLabels() {
    FeatureSet train = SyntheticFeatures.of(12, new float[12], new int[] {-1}, 5);
    assertThatThrownBy(() -> run(SPEC, train, TEST))
        .hasMessage("Cannot fit the linear probe: expected labelled images, got none of 1");
  }

  @Test
  void refusesGridsThatDoNotRise() {
    assertThatThrownBy(() -> new ProbeSpec(List.of(1.0, 1.0), 0, 1e-5, 0))
        .hasMessageContaining("rising numbers from 1e-12 to 1e12, at least one")
        .hasMessageContaining("held_out")
        .hasMessageContaining("max_iterations");
  }
}
