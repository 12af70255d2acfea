package simsiam.eval.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureSetTest {
  private static final FeatureSet SET =
      SyntheticFeatures.of(2, new float[] {1, 2, 3, 4, 5, 6}, new int[] {1, -1, 0}, 2);

  @Test
  void labelledKeepsOrderAndIds() {
    FeatureSet labelled = SET.labelled();
    assertThat(SET.unlabelled()).isEqualTo(1);
    assertThat(labelled.features().copy(0, 2)).containsExactly(1, 2, 5, 6);
    assertThat(labelled.labels()).containsExactly(1, 0);
    assertThat(labelled.ids()).containsExactly("image0", "image2");
    assertThat(labelled.labelled()).isSameAs(labelled);
  }

  @Test
  void refusesLabelsWithoutAClass() {
    assertThatThrownBy(() -> SyntheticFeatures.of(1, new float[] {0}, new int[] {2}, 2))
        .hasMessage("Cannot make a feature set: expected a label from -1 to 1, got 2 (image0)");
  }

  @Test
  void refusesFeaturesThatAreNotFinite() {
    assertThatThrownBy(
            () -> SyntheticFeatures.of(2, new float[] {0, 1, 2, Float.NaN}, new int[] {0, 1}, 2))
        .hasMessage(
            "Cannot make a feature set: expected finite features, got NaN (image1, channel 1)");
  }

  @Test
  void refusesShapesThatDisagree() {
    assertThatThrownBy(
            () -> new FeatureSet(2, new float[6], new int[2], List.of("a", "b"), List.of("c")))
        .hasMessage(
            "Cannot make a feature set: expected 2 features and ids, one a label, got 3 features and 2 ids");
  }

  @Test
  void comparableOnlyWithTheSameClassesInTheSameOrder() {
    FeatureSet other =
        new FeatureSet(2, new float[2], new int[1], List.of("a"), List.of("class1", "class0"));
    assertThatThrownBy(() -> SET.requireComparable(other))
        .hasMessage(
            "Cannot compare features: expected the classes [class0, class1], got [class1, class0]");
    FeatureSet wider = SyntheticFeatures.of(3, new float[3], new int[1], 2);
    assertThatThrownBy(() -> SET.requireComparable(wider))
        .hasMessage("Cannot compare features: expected 2 channels, got 3");
  }
}
