package simsiam.eval.knn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simsiam.eval.ClassAccuracy;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;

class KnnClassifierTest {
  /** Two directions: class 0 points along x, class 1 along y, class 2 along -x. */
  private static final FeatureSet SIX_POINTS =
      SyntheticFeatures.of(
          2,
          new float[] {1, 0, 5, 1, 0, 2, 1, 9, -3, 0, -1, 0.2f},
          new int[] {0, 0, 1, 1, 2, 2},
          3);

  @Test
  void classifiesSixPointsByHand() {
    // The last query leans to y but is of class 0: wrong at first, its class second.
    FeatureSet queries =
        SyntheticFeatures.of(
            2, new float[] {2, 0.1f, 0.1f, 1, -7, 1, 2, 3}, new int[] {0, 1, 2, 0}, 3);

    KnnResult result = classifier(4, 0.1, SIX_POINTS).evaluate(queries);

    assertThat(result.report().top1()).isEqualTo(75);
    assertThat(result.report().top5()).isEqualTo(100);
    assertThat(result.report().n()).isEqualTo(4);
    assertThat(result.report().perClass())
        .containsExactly(
            new ClassAccuracy("class0", 2, 1),
            new ClassAccuracy("class1", 1, 1),
            new ClassAccuracy("class2", 1, 1));
    assertThat(result.report().confusion().count(0, 1)).isEqualTo(1);
    assertThat(result.report().confusion().count(1, 0)).isZero();
    assertThat(result.bank()).isEqualTo(6);
    assertThat(result.k()).isEqualTo(4);
  }

  @Test
  void temperatureDecidesBetweenOneNearAndTwoFar() {
    FeatureSet bank =
        SyntheticFeatures.of(2, new float[] {1, 0, 1, 1, 1, 1}, new int[] {0, 1, 1}, 2);
    FeatureSet query = SyntheticFeatures.of(2, new float[] {1, 0.1f}, new int[] {0}, 2);
    // Cosines .995 and .774: exp(.221 / T) exceeds 2 for T below .319.
    assertThat(classifier(3, 0.3, bank).evaluate(query).report().top1()).isEqualTo(100);
    assertThat(classifier(3, 0.34, bank).evaluate(query).report().top1()).isZero();
  }

  @Test
  void aClassWithoutVotesIsNoGuess() {
    FeatureSet query = SyntheticFeatures.of(2, new float[] {1, 0}, new int[] {2}, 3);
    assertThat(classifier(4, 0.1, SIX_POINTS).evaluate(query).report().top5()).isZero();
    assertThat(classifier(5, 0.1, SIX_POINTS).evaluate(query).report().top5()).isEqualTo(100);
  }

  @Test
  void tinyTemperaturesDoNotOverflow() {
    FeatureSet query = SyntheticFeatures.of(2, new float[] {1, 0.05f}, new int[] {0}, 3);
    assertThat(classifier(6, 1e-5, SIX_POINTS).evaluate(query).report().top1()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.1", "7, 0.07", "200, 0.1", "200, 1", "500, 0.5"})
  void equalsTheDefinitionOnRandomData(int k, double temperature) {
    FeatureSet bank = SyntheticFeatures.clouds(500, 8, 12, 2, 1);
    FeatureSet queries = SyntheticFeatures.clouds(333, 8, 12, 2, 2);
    NaiveKnn oracle = new NaiveKnn(bank, queries);

    KnnResult result = classifier(k, temperature, bank).evaluate(queries);

    assertThat(result.report().top1())
        .isCloseTo(oracle.topPercent(1, k, temperature), within(1e-9))
        .isBetween(10.0, 99.0);
    assertThat(result.report().top5())
        .isCloseTo(oracle.topPercent(5, k, temperature), within(1e-9));
  }

  @Test
  void leavesOutAndCountsImagesWithoutALabel() {
    FeatureSet bank = SyntheticFeatures.of(1, new float[] {1, 1, -1}, new int[] {-1, 1, 0}, 2);
    FeatureSet queries = SyntheticFeatures.of(1, new float[] {2, 3}, new int[] {1, -1}, 2);

    KnnResult result = classifier(1, 0.1, bank).evaluate(queries);

    assertThat(result.report().top1()).isEqualTo(100);
    assertThat(result.report().n()).isEqualTo(1);
    assertThat(result.report().unlabelled()).isEqualTo(1);
    assertThat(result.bank()).isEqualTo(2);
    assertThat(result.bankUnlabelled()).isEqualTo(1);
  }

  @Test
  void refusesMoreVotersThanLabelledImages() {
    FeatureSet bank = SyntheticFeatures.of(1, new float[] {1, 2, 3}, new int[] {0, 0, -1}, 1);
    assertThatThrownBy(() -> classifier(3, 0.1, bank))
        .hasMessage(
            "Cannot classify by kNN: expected knn.k of at most 2, the labelled images in the bank, got 3");
  }

  @Test
  void refusesATestSplitWithoutLabels() {
    FeatureSet queries = SyntheticFeatures.of(2, new float[] {1, 0}, new int[] {-1}, 3);
    assertThatThrownBy(() -> classifier(1, 0.1, SIX_POINTS).evaluate(queries))
        .hasMessage(
            "Cannot report accuracy: expected labelled test images, got none of 1 with a label");
  }

  @Test
  void refusesATestSplitOfOtherClasses() {
    FeatureSet queries =
        new FeatureSet(
            2, new float[] {1, 0}, new int[] {0}, List.of("a"), List.of("class1", "class0", "x"));
    assertThatThrownBy(() -> classifier(1, 0.1, SIX_POINTS).evaluate(queries))
        .hasMessageStartingWith("Cannot compare features: expected the classes");
  }

  private static KnnClassifier classifier(int k, double temperature, FeatureSet bank) {
    return new KnnClassifier(new KnnSpec(k, temperature), new JavaLinearAlgebra(), bank);
  }
}
