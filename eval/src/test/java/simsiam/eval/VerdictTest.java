package simsiam.eval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerdictTest {
  @Test
  void topFiveEndsAfterTheFifth() {
    double[] scores = {6, 5, 4, 3, 2, 1};
    assertThat(Verdict.of(0, scores)).isEqualTo(new Verdict(0, 0, true));
    assertThat(Verdict.of(4, scores)).isEqualTo(new Verdict(4, 0, true));
    assertThat(Verdict.of(5, scores)).isEqualTo(new Verdict(5, 0, false));
  }

  @Test
  void ofEqualScoresTheLowerClassComesFirst() {
    double[] scores = {0, 1, 1, 1, 1, 1, 1};
    assertThat(Verdict.of(5, scores)).isEqualTo(new Verdict(5, 1, true));
    assertThat(Verdict.of(6, scores)).isEqualTo(new Verdict(6, 1, false));
  }

  @Test
  void aClassNotGuessedIsNotAmongTheFive() {
    double[] scores = {Double.NEGATIVE_INFINITY, 1};
    assertThat(Verdict.of(0, scores)).isEqualTo(new Verdict(0, 1, false));
  }
}
