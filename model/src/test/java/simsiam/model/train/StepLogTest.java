package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.engine.StepMetrics;

class StepLogTest {
  private static final String HEADER = "step,loss,output_std\n";

  @TempDir Path folder;
  private Path file;
  private Path aside;

  @BeforeEach
  void names() {
    file = folder.resolve("steps.csv");
    aside = folder.resolve("aside");
  }

  private String continuedAfter(long step, String text) throws IOException {
    Files.writeString(file, text);
    try (StepLog log = StepLog.open(file, step, aside).log()) {
      log.append(step + 1, new StepMetrics(-0.25, 0.125));
    }
    assertThat(aside).doesNotExist();
    return Files.readString(file);
  }

  @Test
  void aRowThatWasCutInANumberIsTakenAgain() throws IOException {
    assertThat(continuedAfter(1, HEADER + "1,-0.1,0.001\n2,-0.99,9.8E"))
        .isEqualTo(HEADER + "1,-0.1,0.001\n2,-0.25,0.125\n");
  }

  @Test
  void rowsAfterTheCheckpointAreDropped() throws IOException {
    assertThat(continuedAfter(1, HEADER + "1,-0.1,9.8E-4\n2,-0.9,0.5\n3,-0.9,0.5\n"))
        .isEqualTo(HEADER + "1,-0.1,9.8E-4\n2,-0.25,0.125\n");
    assertThat(continuedAfter(0, HEADER + "1,-0")).isEqualTo(HEADER + "1,-0.25,0.125\n");
    assertThat(continuedAfter(0, "")).isEqualTo(HEADER + "1,-0.25,0.125\n");
  }

  @Test
  void whatIsAppendedToAWholeTableIsDropped() throws IOException {
    assertThat(continuedAfter(2, HEADER + "1,-0.1,0.5\n2,-0.2,0.5\nx"))
        .isEqualTo(HEADER + "1,-0.1,0.5\n2,-0.2,0.5\n3,-0.25,0.125\n");
  }

  @Test
  void rowsThatAreLostAreCountedAndTheTableIsKept() throws IOException {
    String damaged = HEADER + "1,-0.1,0.5\n2,-0\u0000\u00ff.2,0.5\n2,,\n4,-0.4,0.5\n4,-0.4,0.5\n";
    Files.writeString(file, damaged);

    StepLog.Opened opened = StepLog.open(file, 4, aside);
    opened.log().close();

    assertThat(opened.lost()).isEqualTo(2);
    assertThat(opened.copy()).hasValue(aside.resolve("steps.csv"));
    assertThat(aside.resolve("steps.csv")).hasContent(damaged);
    assertThat(file).hasContent(HEADER + "1,-0.1,0.5\n4,-0.4,0.5\n");
  }

  @Test
  void aTableThatIsGoneIsCountedAsLost() {
    StepLog.Opened opened = StepLog.open(file, 3, aside);
    opened.log().close();

    assertThat(opened.lost()).isEqualTo(3);
    assertThat(opened.copy()).isEmpty();
    assertThat(aside).doesNotExist();
    assertThat(file).hasContent(HEADER);
  }

  @Test
  void aReaderLeavesOutALineWithoutEndAndRefusesOtherText() throws IOException {
    Files.writeString(file, HEADER + "1,-0.1,9.8E-4\n2,-0.99,9.8E");
    assertThat(StepLog.read(file)).containsExactly(new StepLog.Row(1, -0.1, 9.8E-4));

    Files.writeString(file, HEADER + "1,-0.1,0.5\n2,9.8E,0.5\n");
    assertThatThrownBy(() -> StepLog.read(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read steps: expected a row of step,loss,output_std, got other text (%s:3)"
                .formatted(file));
  }
}
