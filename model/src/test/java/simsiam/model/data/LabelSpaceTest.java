package simsiam.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelSpaceTest {
  private static final List<String> NAMES = List.of("cat", "dog", "fox");
  private static final LabelSet NONE = new LabelSet(List.of(), List.of());
  private static final LabelSet BOTH = new LabelSet(List.of(1, 0), List.of());
  private static final LabelSet DOG = new LabelSet(List.of(1), List.of(2));

  @Test
  void eachSetHasOneNumberWhateverTheOrderOfTheImages() {
    LabelSpace space = LabelSpace.of(NAMES, List.of(DOG, BOTH, NONE, BOTH));
    assertThat(space.sets()).containsExactly(NONE, BOTH, DOG);
    assertThat(LabelSpace.of(NAMES, List.of(BOTH, NONE, DOG))).isEqualTo(space);
    assertThat(space.label(DOG)).isEqualTo(2);
    assertThat(space.labels()).isEqualTo(3);
    assertThat(space.names()).containsExactly("(none)", "cat + dog", "dog");
  }

  @Test
  void anImageShowsAClassOrNotOrSaysNothingOfIt() {
    LabelSpace space = LabelSpace.of(NAMES, List.of(DOG, BOTH, NONE));
    assertThat(space.shows(2, 1)).isTrue();
    assertThat(space.shows(2, 0)).isFalse();
    assertThat(space.ignores(2, 2)).isTrue();
    assertThat(space.ignores(2, 0)).isFalse();
    assertThat(space.ignores(-1, 0)).as("an image without a label").isTrue();
    assertThat(space.shows(-1, 0)).isFalse();
    LabelSpace single = LabelSpace.of(NAMES);
    assertThat(single.multiLabel()).isFalse();
    assertThat(single.shows(1, 1)).isTrue();
    assertThat(single.shows(1, 0)).isFalse();
    assertThat(single.ignores(1, 0)).isFalse();
    assertThat(single.names()).isEqualTo(NAMES);
  }

  @Test
  void anImageCountsForEveryClassThatItShows() {
    LabelSpace space = LabelSpace.of(NAMES, List.of(DOG, BOTH, NONE));
    assertThat(space.classCounts(List.of(5L, 2L, 3L))).containsExactly(2L, 5L, 0L);
    assertThat(LabelSpace.of(NAMES).classCounts(List.of(5L, 2L))).containsExactly(5L, 2L);
  }

  @Test
  void impossibleSetsAreRefused() {
    assertThatThrownBy(() -> new LabelSet(List.of(1, 2), List.of(2)))
        .hasMessage(
            "Cannot make a label set: expected classes that are either shown or ignored, got [1, 2]"
                + " and [2]");
    assertThatThrownBy(() -> new LabelSpace(NAMES, List.of(new LabelSet(List.of(3), List.of()))))
        .hasMessage(
            "Cannot use labels: expected classes from 0 to 2, got LabelSet[present=[3],"
                + " ignored=[]]");
  }
}
