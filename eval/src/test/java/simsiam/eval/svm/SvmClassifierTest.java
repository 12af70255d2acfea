package simsiam.eval.svm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;
import simsiam.eval.svm.SvmResult.ClassSvm;
import simsiam.model.config.InvalidConfigException;

/** Expected values are those that {@code oracle.py} among the resources prints. */
class SvmClassifierTest {
  private static final List<Double> COSTS = List.of(0.001, 0.01, 0.1, 10.0);
  private static final SvmSpec SPEC = new SvmSpec(COSTS, List.of(4, 32, 500), 3);
  private static final FeatureSet TRAIN = evened(SyntheticFeatures.congruent(600, 1));
  private static final FeatureSet TEST = evened(SyntheticFeatures.congruent(400, 2));

  private static FeatureSet evened(FeatureSet set) {
    double[] scales = {0.01, 1, 10};
    float[] values = set.features().copy(0, set.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] / scales[i % 12 % 3] - 3);
    }
    return SyntheticFeatures.of(12, values, set.labels(), 5);
  }

  private static SvmResult run(SvmSpec spec, FeatureSet train, FeatureSet test) {
    return new SvmClassifier(spec, new JavaLinearAlgebra(), 7).run(train, test, () -> {});
  }

  private static void close(List<Double> found, double... expected) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found.get(i)).isCloseTo(expected[i], within(0.01));
    }
  }

  @Test
  void costsAndPrecisionsAreScikitLearns() {
    SvmResult result = run(SPEC, TRAIN, TEST);

    close(result.tried(), 79.532, 80.8332, 80.7916, 80.2585);
    assertThat(result.classes())
        .extracting(ClassSvm::c)
        .containsExactly(0.1, 0.01, 0.01, 0.1, 0.01);
    close(
        result.classes().stream().map(ClassSvm::averagePrecision).toList(),
        86.8123,
        78.7597,
        75.4617,
        77.6313,
        85.065);
    assertThat(result.meanAveragePrecision()).isCloseTo(80.746, within(0.01));
    assertThat(result.report().top1()).isEqualTo(72.75);
    assertThat(result.report().n()).isEqualTo(400);
    assertThat(result.train()).isEqualTo(600);
  }

  @Test
  void lowShotDrawsAreScikitLearnsAndTooLargeOnesAreLeftOut() {
    List<LowShot> lowShot = run(SPEC, TRAIN, TEST).lowShot();

    assertThat(lowShot).extracting(LowShot::k).containsExactly(4, 32);
    assertThat(lowShot).extracting(LowShot::c).containsExactly(0.1, 0.01);
    close(lowShot.get(0).averagePrecision(), 61.7489, 63.5969, 67.4183);
    close(lowShot.get(0).top1(), 58, 61.25, 63.5);
    close(lowShot.get(1).averagePrecision(), 76.9043, 78.6939, 78.7066);
    close(lowShot.get(1).top1(), 70.75, 72.25, 73.0);
  }

  @Test
  void ofSeveralClassesAnImageCostsAndPrecisionsAreScikitLearnsToo() {
    SvmSpec spec = new SvmSpec(COSTS, List.of(4, 16, 500), 3);
    SvmResult result =
        run(
            spec,
            SyntheticFeatures.severalClasses(600, 3),
            SyntheticFeatures.severalClasses(400, 4));

    close(result.tried(), 68.706, 70.8601, 71.0316, 70.8982);
    assertThat(result.classes())
        .extracting(ClassSvm::c)
        .containsExactly(0.1, 0.01, 0.001, 10.0, 0.01);
    close(
        result.classes().stream().map(ClassSvm::averagePrecision).toList(),
        81.7135,
        81.923,
        83.9506,
        76.8984,
        84.0115);
    assertThat(result.report()).as("no class is the only one").isNull();
    assertThat(result.lowShot()).extracting(LowShot::k).containsExactly(4, 16);
    assertThat(result.lowShot()).extracting(LowShot::c).containsExactly(0.1, 0.1);
    close(result.lowShot().get(0).averagePrecision(), 68.7288, 56.7009, 63.1324);
    close(result.lowShot().get(1).averagePrecision(), 75.6708, 67.6518, 75.4747);
    assertThat(result.lowShot().get(0).top1()).isEmpty();
  }

  /** What a warm start may change is within the tolerance that a cold one has too. */
  @Test
  void aPathOverCostsEndsWhereEachCostAloneDoes() {
    UnitRows rows = new UnitRows(TRAIN.features());
    int[] all = IntStream.range(0, 600).toArray();
    boolean[] positive = SvmClassifier.positives(TRAIN, all, 2);
    List<Double> costs = List.of(1e-6, 1e-3, 1.0, 100.0);
    List<LinearSvm> path = LinearSvm.path(rows, all, positive, costs);
    for (int i = 0; i < costs.size(); i++) {
      double[] alone = LinearSvm.fit(rows, all, positive, costs.get(i)).weights();
      double[] warm = path.get(i).weights();
      double length = 0;
      double apart = 0;
      for (int j = 0; j < alone.length; j++) {
        length += alone[j] * alone[j];
        apart += (alone[j] - warm[j]) * (alone[j] - warm[j]);
      }
      assertThat(Math.sqrt(apart / length)).as("C = " + costs.get(i)).isLessThan(1e-3);
    }
  }

  @Test
  void theResultIsTheSameOnAnyNumberOfThreads() {
    SvmResult alone = onThreads(1);
    assertThat(onThreads(5)).isEqualTo(alone);
  }

  private static SvmResult onThreads(int threads) {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(() -> run(SPEC, TRAIN, TEST)).join();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void theScaleOfTheFeaturesDoesNotMatter() {
    float[] values = TRAIN.features().copy(0, TRAIN.size());
    float[] tested = TEST.features().copy(0, TEST.size());
    for (float[] set : List.of(values, tested)) {
      for (int i = 0; i < set.length; i++) {
        set[i] /= 4;
      }
    }
    SvmResult scaled =
        run(
            SPEC,
            SyntheticFeatures.of(12, values, TRAIN.labels(), 5),
            SyntheticFeatures.of(12, tested, TEST.labels(), 5));
    assertThat(scaled.meanAveragePrecision())
        .isCloseTo(run(SPEC, TRAIN, TEST).meanAveragePrecision(), within(0.1));
  }

  @Test
  void imagesWithoutALabelAndClassesWithoutImagesAreLeftOut() {
    int[] labels = TRAIN.labels().clone();
    int[] tested = TEST.labels().clone();
    for (int i = 0; i < labels.length; i++) {
      labels[i] = labels[i] == 4 ? FeatureSet.UNKNOWN_LABEL : labels[i];
    }
    for (int i = 0; i < tested.length; i++) {
      tested[i] = tested[i] == 3 ? FeatureSet.UNKNOWN_LABEL : tested[i];
    }
    FeatureSet train = new FeatureSet(TRAIN.features(), labels, TRAIN.ids(), TRAIN.classNames());
    FeatureSet test = new FeatureSet(TEST.features(), tested, TEST.ids(), TEST.classNames());

    SvmResult result = run(SPEC, train, test);

    assertThat(result.classes())
        .extracting(ClassSvm::name)
        .as("class 4 has no training image, class 3 no test image")
        .containsExactly("class0", "class1", "class2");
    assertThat(result.trainUnlabelled()).isEqualTo(600 - result.train()).isPositive();
    assertThat(result.report().unlabelled()).isPositive();
    assertThat(IntStream.range(0, 5).mapToLong(t -> result.report().confusion().count(t, 4)).sum())
        .as("a class without an SVM is no guess")
        .isZero();
    assertThat(IntStream.range(0, 5).mapToLong(t -> result.report().confusion().count(t, 3)).sum())
        .isPositive();
  }

  /** Of a class with one image nothing can be held out. */
  @Test
  void aClassOfOneImageHasTheMiddleCost() {
    int[] one = IntStream.range(0, 600).filter(i -> TRAIN.labels()[i] == 0).limit(1).toArray();
    int[] others = IntStream.range(0, 600).filter(i -> TRAIN.labels()[i] != 0).toArray();
    int[] rows = IntStream.concat(Arrays.stream(one), Arrays.stream(others)).toArray();
    SvmResult result = run(new SvmSpec(COSTS, List.of(), 1), TRAIN.select(rows), TEST);
    assertThat(result.classes()).hasSize(5);
    assertThat(result.classes().get(0).c()).isEqualTo(0.01);
    assertThat(result.tried()).hasSize(4);
  }

  @Test
  void everyPartIsToldOnce() {
    AtomicInteger told = new AtomicInteger();
    new SvmClassifier(SPEC, new JavaLinearAlgebra(), 1).run(TRAIN, TEST, told::incrementAndGet);
    assertThat(told).hasValue(SvmClassifier.parts(SPEC, 5)).hasValue(5 + 3 * 3);
  }

  @Test
  void withoutLabelsThereIsNothingToFit() {
    int[] none = new int[600];
    Arrays.fill(none, FeatureSet.UNKNOWN_LABEL);
    FeatureSet train = new FeatureSet(TRAIN.features(), none, TRAIN.ids(), TRAIN.classNames());
    assertThatThrownBy(() -> run(SPEC, train, TEST))
        .hasMessage("Cannot fit SVMs: expected labelled images, got none of 600");
    assertThatThrownBy(() -> run(SPEC, TRAIN, train))
        .hasMessage("Cannot fit SVMs: expected labelled images, got none of 600 to test on");
  }

  @Test
  void ordersAndFoldsAreScikitLearns() {
    double[] scores = {.9, .8, .8, .8, .3, .3, .1};
    boolean[] positive = {true, false, true, true, true, false, false};
    assertThat(AveragePrecision.steps(scores, positive)).isCloseTo(0.7916666667, within(1e-9));
    assertThat(AveragePrecision.envelope(scores, positive)).isCloseTo(0.85, within(1e-9));
    boolean[] few = new boolean[11];
    for (int i : new int[] {3, 5, 6}) {
      few[i] = true;
    }
    assertThat(StratifiedFolds.of(few, 3)).containsExactly(0, 0, 0, 0, 1, 1, 2, 1, 1, 2, 2);
    boolean[] mixed = new boolean[15];
    for (int i : new int[] {0, 1, 5, 7, 10, 13}) {
      mixed[i] = true;
    }
    assertThat(StratifiedFolds.of(mixed, 3))
        .containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2);
    assertThatThrownBy(() -> AveragePrecision.envelope(scores, new boolean[7]))
        .hasMessage(
            "Cannot take an average precision: expected an image of the class, got none of 7");
  }

  @Test
  void wrongKeysAreNamed() {
    List<String> keys = new ArrayList<>();
    try {
      new SvmSpec(List.of(), List.of(4, 4), 0);
    } catch (InvalidConfigException e) {
      e.violations().forEach(violation -> keys.add(violation.key()));
    }
    assertThat(keys).containsExactly("low_shot", "low_shot", "samples");
    assertThatThrownBy(() -> new SvmSpec(List.of(2.0, 1.0), List.of(), 1))
        .hasMessageContaining("rising numbers from 1e-9 to 1e9, or none");
  }
}
