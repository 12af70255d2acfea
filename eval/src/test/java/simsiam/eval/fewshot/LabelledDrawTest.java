package simsiam.eval.fewshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;

/** Draws from images that may show several classes; those of one class are in FewShotTest. */
class LabelledDrawTest {
  private static final FeatureSet SEVERAL = SyntheticFeatures.severalClasses(600, 3);

  private static List<Integer> shown(int[] rows, int classIndex) {
    return Arrays.stream(rows)
        .filter(i -> SEVERAL.space().shows(SEVERAL.labels()[i], classIndex))
        .boxed()
        .toList();
  }

  @Test
  void kExamplesAndKCounterexamplesForEachOtherClassAreDrawn() {
    LabelledDraw draw = new LabelledDraw(SEVERAL, 5, 0);
    for (int classIndex = 0; classIndex < 5; classIndex++) {
      int c = classIndex;
      int[] rows = draw.against(c, 8);
      assertThat(rows).hasSize(8 * 5).doesNotHaveDuplicates().isSorted();
      assertThat(shown(rows, c)).hasSize(8);
      assertThat(Arrays.stream(rows).filter(i -> SEVERAL.space().ignores(SEVERAL.labels()[i], c)))
          .as("images that say nothing of the class")
          .isEmpty();
      assertThat(rows).as("a larger k has those of a smaller").contains(draw.against(c, 3));
    }
    assertThat(draw.against(0, 8)).isNotEqualTo(new LabelledDraw(SEVERAL, 5, 1).against(0, 8));
    assertThat(draw.against(0, 8)).isNotEqualTo(draw.against(1, 8));
  }

  @Test
  void aDrawGoesByNamesNotByPlaces() {
    int[] turned = IntStream.range(0, 600).map(i -> 599 - i).toArray();
    FeatureSet other = SEVERAL.select(turned);
    int[] rows = new LabelledDraw(other, 5, 0).against(2, 4);
    assertThat(Arrays.stream(rows).map(i -> 599 - i).sorted().toArray())
        .isEqualTo(new LabelledDraw(SEVERAL, 5, 0).against(2, 4));
  }

  @Test
  void allAreTakenWhereThereAreNoMore() {
    long shown = shown(IntStream.range(0, 600).toArray(), 0).size();
    int[] rows = new LabelledDraw(SEVERAL, 5, 0).against(0, 600);
    assertThat(shown(rows, 0)).hasSize((int) shown);
    long ignored =
        Arrays.stream(SEVERAL.labels()).filter(label -> SEVERAL.space().ignores(label, 0)).count();
    assertThat(rows).hasSize(600 - (int) ignored);
  }

  /** With one class an image, the counterexamples are the images drawn of the other classes. */
  @Test
  void imagesWithOneClassAreDrawnOnceForAllClasses() {
    FeatureSet single = SyntheticFeatures.congruent(600, 1);
    LabelledDraw draw = new LabelledDraw(single, 5, 0);
    assertThat(draw.against(3, 7)).isEqualTo(draw.shots(7)).isEqualTo(draw.against(0, 7));
    assertThat(draw.shots(7)).hasSize(35);
  }

  @Test
  void thereAreNoImagesOfEachClassWhereAnImageMayShowSeveral() {
    assertThatThrownBy(() -> new LabelledDraw(SEVERAL, 5, 0).shots(1))
        .hasMessage(
            "Cannot draw images of each class: expected images with one class each, got some that"
                + " may show several");
  }
}
