package simsiam.pipelines.stages.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.eval.linear.LinearEpoch;

class FinishedFitsTest {
  @TempDir private Path folder;

  private static LinearEpoch result(double top1) {
    return new LinearEpoch(3, 0.5, 1.25, top1, 100);
  }

  private LinearEpoch never() {
    throw new IllegalStateException("fitted again");
  }

  @Test
  void whatWasFinishedIsNotMadeAgain() throws IOException {
    FinishedFits fits = new FinishedFits(folder);
    assertThat(fits.has("trained")).isFalse();
    assertThat(fits.result("trained", LinearEpoch.class, () -> result(70))).isEqualTo(result(70));
    assertThat(fits.result("trained-2", LinearEpoch.class, () -> result(71))).isEqualTo(result(71));

    FinishedFits again = new FinishedFits(folder);
    assertThat(again.has("trained")).isTrue();
    assertThat(again.result("trained", LinearEpoch.class, this::never)).isEqualTo(result(70));
    assertThat(again.result("trained-2", LinearEpoch.class, this::never)).isEqualTo(result(71));
    assertThat(again.has("random")).isFalse();
  }

  @Test
  void aFitThatFailsLeavesNothing() {
    assertThatThrownBy(
            () -> new FinishedFits(folder).result("trained", LinearEpoch.class, this::never))
        .hasMessage("fitted again");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aDamagedResultIsMadeAgain() throws IOException {
    FinishedFits fits = new FinishedFits(folder);
    fits.result("trained", LinearEpoch.class, () -> result(70));
    Path file = files().get(0);
    Files.writeString(file, Files.readString(file).replace("70", "90"));

    assertThat(fits.has("trained")).isFalse();
    assertThat(fits.result("trained", LinearEpoch.class, () -> result(72))).isEqualTo(result(72));
    assertThat(files()).hasSize(1);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
