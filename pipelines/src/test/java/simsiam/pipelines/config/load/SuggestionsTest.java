package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
  @ParameterizedTest
  @CsvSource({"abc, abc, 0", "abc, acb, 1", "kitten, sitting, 3", "'', abc, 3", "ab, b, 1"})
  void distanceCountsEditsAndSwaps(String a, String b, int edits) {
    assertThat(Suggestions.distance(a, b)).isEqualTo(edits);
    assertThat(Suggestions.distance(b, a)).isEqualTo(edits);
  }

  @Test
  void saysNothingWhereNothingIsNear() {
    assertThat(Suggestions.didYouMean("banana", List.of("run", "plan"))).isEmpty();
    assertThat(Suggestions.didYouMean("paln", List.of("run", "plan")))
        .isEqualTo("; did you mean plan?");
  }
}
