package simsiam.pipelines.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundsTest {
  @Test
  void theRatioIsThatOfTurnsSideBySide() {
    Rounds rounds = new Rounds();
    for (double load : new double[] {1, 10, 2}) {
      rounds.add("ours", 300 / load);
      rounds.add("theirs", 100 / load);
    }
    assertThat(rounds.names()).containsExactly("ours", "theirs");
    assertThat(rounds.median("ours")).isEqualTo(150);
    assertThat(rounds.ratio("ours", "theirs")).isEqualTo(3);
  }

  @Test
  void theIntervalHoldsTheMedianWith95Percent() {
    assertThat(ratios(5, 1, 2, 4, 3)).isEqualTo(new Rounds.Ratio(3, 1, 5));
    assertThat(Rounds.isEnough(5)).isFalse(); // the least and the most hold it with 94 %
    assertThat(Rounds.isEnough(6)).isTrue(); // 97 %
    assertThat(ratios(1, 2, 3, 4, 5, 6)).isEqualTo(new Rounds.Ratio(3.5, 1, 6));
    // From tables of the sign test: of 9 the second and the eighth, of 20 the sixth and the 15th.
    assertThat(ratios(9, 8, 7, 6, 5, 4, 3, 2, 1)).isEqualTo(new Rounds.Ratio(5, 2, 8));
    double[] twenty = IntStream.rangeClosed(1, 20).asDoubleStream().toArray();
    assertThat(ratios(twenty)).isEqualTo(new Rounds.Ratio(10.5, 6, 15));
  }

  private static Rounds.Ratio ratios(double... values) {
    Rounds rounds = new Rounds();
    for (double value : values) {
      rounds.add("ours", value);
      rounds.add("theirs", 1);
    }
    return rounds.ratios("ours", "theirs");
  }

  @Test
  void aPythonThatDoesNotGetReadyIsToldWithWhatItSaid(@TempDir Path work) {
    assertThatThrownBy(() -> PythonPeer.start("false", "views.py", work, "parameters.json"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Cannot compare with Python: expected a line that starts with ready, got null");
  }
}
