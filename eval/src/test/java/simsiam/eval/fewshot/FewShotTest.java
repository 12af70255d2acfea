package simsiam.eval.fewshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;
import simsiam.eval.fewshot.FewShotResult.Point;
import simsiam.eval.knn.KnnSpec;
import simsiam.eval.probe.ProbeSpec;
import simsiam.model.config.InvalidConfigException;

/**
 * Expected values were made in Python on the same features: the draws by its own SplitMix64, the
 * probe by scikit-learn 1.9.1's {@code LogisticRegression(C=C, tol=1e-10)} on the drawn images
 * standardised by themselves, kNN by NumPy; C, where there are 20 images a class, by accuracy on
 * every fifth image of each class.
 */
class FewShotTest {
  private static final FeatureSet TRAIN = SyntheticFeatures.congruent(600, 1);
  private static final FeatureSet TEST = SyntheticFeatures.congruent(400, 2);
  private static final ProbeSpec PROBE = new ProbeSpec(List.of(0.001, 0.1, 10.0), 0.2, 1e-6, 1000);
  private static final KnnSpec KNN = new KnnSpec(7, 0.1);
  private static final FewShotSpec SPEC =
      new FewShotSpec(List.of(1, 5), List.of(0.01, 0.2), 3, 1.0);

  private static FewShotResult run(FewShotSpec spec, FeatureSet train) {
    return new FewShot(spec, PROBE, KNN, new JavaLinearAlgebra(), 3).run(train, TEST, () -> {});
  }

  @Test
  void accuraciesAreThoseOfScikitLearnAndNumPy() {
    List<Point> points = run(SPEC, TRAIN).points();

    assertThat(points).hasSize(4);
    assertPoint(points.get(0), 5, 1, 1, new double[] {36, 36.5, 37}, 24.75, 42, 21);
    assertPoint(points.get(1), 25, 5, 5, new double[] {51.75, 55.5, 60.75}, 40.75, 38.5, 39);
    assertPoint(points.get(2), 5, 1, 1, new double[] {36, 36.5, 37}, 24.75, 42, 21);
    assertPoint(points.get(3), 121, 24.2, 7, new double[] {68.5, 68.75, 67.25}, 43, 47.25, 43.25);
    assertThat(points).allMatch(Point::converged);
  }

  private static void assertPoint(
      Point point, int images, double perClass, int k, double[] probe, double... knn) {
    assertThat(point.images()).isEqualTo(images);
    assertThat(point.perClass()).isCloseTo(perClass, within(1e-12));
    assertThat(point.k()).isEqualTo(k);
    for (int draw = 0; draw < 3; draw++) {
      assertThat(point.probe().get(draw)).as("probe").isCloseTo(probe[draw], within(1e-9));
      assertThat(point.knn().get(draw)).as("kNN").isCloseTo(knn[draw], within(1e-9));
    }
  }

  @Test
  void regularisationIsChosenWhereThereIsSomethingToChooseBy() {
    List<Point> points = run(SPEC, TRAIN).points();
    assertThat(points).extracting(Point::chosen).containsExactly(false, false, false, true);
    assertThat(points.get(1).c()).containsExactly(1.0, 1.0, 1.0);
    assertThat(points.get(3).c()).containsExactly(0.1, 0.1, 10.0);
  }

  @Test
  void drawsAreThoseOfTheGenerator() {
    assertThat(new LabelledDraw(TRAIN, 3, 0).shots(2))
        .containsExactly(32, 52, 187, 304, 309, 384, 401, 474, 558, 580);
    assertThat(new LabelledDraw(TRAIN, 3, 1).shots(2))
        .containsExactly(31, 53, 56, 79, 211, 310, 340, 381, 456, 529);
  }

  @Test
  void largerSetsHoldTheSmallerOnesOfTheirDraw() {
    LabelledDraw draw = new LabelledDraw(TRAIN, 9, 2);
    Set<Integer> before = new HashSet<>();
    for (int shots : new int[] {1, 2, 5, 10, 110, 128}) {
      Set<Integer> images = new HashSet<>(Arrays.stream(draw.shots(shots)).boxed().toList());
      assertThat(images).containsAll(before).hasSizeGreaterThan(before.size());
      before = images;
    }
    assertThat(before).as("a class that has no more gives all it has").hasSize(600);
    assertThat(draw.fraction(1)).hasSize(600);
    assertThat(draw.fraction(0.001)).as("one of each class at least").hasSize(5);
  }

  /** Both encoders' features are of the same images, but nothing says they are in one order. */
  @Test
  void theSameImagesAreDrawnInWhateverOrderTheyAre() {
    List<Integer> order = new ArrayList<>(IntStream.range(0, 600).boxed().toList());
    Collections.shuffle(order, new Random(1));
    FeatureSet shuffled = TRAIN.select(order.stream().mapToInt(i -> i).toArray());
    Set<String> names = new HashSet<>();
    for (int index : new LabelledDraw(shuffled, 3, 0).shots(2)) {
      names.add(shuffled.ids().get(index));
    }
    assertThat(names).contains("image32", "image580").hasSize(10);
    assertThat(run(SPEC, shuffled).points().get(1).knn())
        .isEqualTo(run(SPEC, TRAIN).points().get(1).knn());
  }

  @Test
  void imagesWithoutALabelAreNeverDrawn() {
    int[] labels = TRAIN.labels().clone();
    Arrays.fill(labels, 0, 300, -1);
    FeatureSet partly = SyntheticFeatures.of(12, TRAIN.features().copy(0, 600), labels, 5);
    int[] drawn = new LabelledDraw(partly, 3, 0).shots(200);
    assertThat(drawn).isEqualTo(IntStream.range(300, 600).toArray());
  }

  @Test
  void tellsOfEachStep() {
    AtomicInteger steps = new AtomicInteger();
    new FewShot(SPEC, PROBE, KNN, new JavaLinearAlgebra(), 3)
        .run(TRAIN, TEST, steps::incrementAndGet);
    assertThat(steps).hasValue(12);
    assertThat(FewShot.steps(SPEC)).isEqualTo(12);
  }

  @Test
  void moreImagesThanAnyClassHasAreRefused() {
    FewShotSpec spec = new FewShotSpec(List.of(1, 129), List.of(), 1, 1.0);
    assertThatThrownBy(() -> run(spec, TRAIN))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "Invalid few_shot.shots: expected at most 128, the training images of the largest"
                + " class, got [1, 129]");
  }

  @Test
  void refusesWhatIsNoCurve() {
    assertThatThrownBy(() -> new FewShotSpec(List.of(5, 1), List.of(0.5, 1.5), 0, 0))
        .hasMessageContaining("rising numbers of images, each at least 1")
        .hasMessageContaining("rising shares, each above 0 and at most 1")
        .hasMessageContaining("draws")
        .hasMessageContaining("Invalid c:");
  }
}
