package simsiam.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
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
  void aPythonThatDoesNotGetReadyIsToldWithWhatItSaid(@TempDir Path work) {
    assertThatThrownBy(() -> PythonPeer.start("false", "views.py", work, "parameters.json"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Cannot compare with Python: expected a line that starts with ready, got null");
  }
}
