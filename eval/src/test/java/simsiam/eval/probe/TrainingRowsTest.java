package simsiam.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;

class TrainingRowsTest {
  /** Feature i of image i, so that rows can be told apart. */
  private static FeatureSet numbered(int... labels) {
    float[] values = new float[labels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return SyntheticFeatures.of(1, values, labels, 4);
  }

  @Test
  void holdsOutTheSameShareOfEachClassAtTheEnd() {
    TrainingRows rows = TrainingRows.of(numbered(0, 2, 0, 0, -1, 2, 0, 2, 0, 0), 0.34);

    // Of class 0 images 0 2 3 6 8 9: j = 2 and 5, that is 3 and 9; of class 2 (1 5 7): 7.
    assertThat(rows.fitted()).isEqualTo(6);
    assertThat(rows.unlabelled()).isEqualTo(1);
    assertThat(rows.classes()).containsExactly(0, 2);
    assertThat(rows.labels()).containsExactly(0, 1, 0, 1, 0, 0, 0, 1, 0);
    double[] order = {0, 1, 2, 5, 6, 8, 3, 7, 9};
    double mean = 41 / 9.0;
    double deviation = Math.sqrt(269 / 9.0 - mean * mean);
    for (int i = 0; i < order.length; i++) {
      assertThat((double) rows.features().copy(i, 1)[0])
          .isCloseTo((order[i] - mean) / deviation, within(1e-6));
    }
  }

  @Test
  void aClassIsNeverHeldOutWhole() {
    TrainingRows rows = TrainingRows.of(numbered(0, 1, 2, 3, 3, 3), 0.9);
    assertThat(rows.fitted()).isEqualTo(4);
  }

  @Test
  void inPlaceTheyAreTheSameWithoutACopy() {
    int[] labels = {0, 2, 0, 0, -1, 2, 0, 2, -1, 0, 0};
    TrainingRows copied = TrainingRows.of(numbered(labels), 0.34);
    FeatureSet given = numbered(labels);
    TrainingRows rows = TrainingRows.inPlace(given, 0.34);

    assertThat(rows.features()).isSameAs(given.features());
    assertThat(rows.features().copy(0, 9)).isEqualTo(copied.features().copy(0, 9));
    assertThat(rows.labels()).isEqualTo(copied.labels());
    assertThat(rows.fitted()).isEqualTo(copied.fitted());
    assertThat(rows.unlabelled()).isEqualTo(2);
    assertThat(rows.size()).isEqualTo(9);
  }
}
