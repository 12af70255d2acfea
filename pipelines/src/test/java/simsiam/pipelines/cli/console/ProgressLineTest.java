package simsiam.pipelines.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.cli.PlainWords;
import simsiam.pipelines.stage.Progress;

class ProgressLineTest {
  private final StringWriter out = new StringWriter();
  private long nanos = 0;

  private Progress line(boolean terminal, long total) {
    RunConsole console = new RunConsole(PlainWords.output(out, out, terminal), List.of("train"));
    return new ProgressLine(console, "train", "epochs", total, terminal, () -> nanos);
  }

  private void after(double seconds) {
    nanos += (long) (seconds * 1e9);
  }

  @Test
  void onATerminalTheLineIsRedrawn() {
    try (Progress progress = line(true, 20)) {
      after(10);
      progress.update(5, "loss -0.50");
      after(0.01);
      progress.update(6, "too soon to be shown");
      after(29.99);
      progress.update(20);
    }

    assertThat(out)
        .hasToString(
            "\rtrain  [=====               ]  25 %  5/20 epochs  0.50/s  ETA 30.0 s  loss -0.50"
                + "\u001B[K"
                + "\rtrain  [====================] 100 %  20/20 epochs  0.50/s\u001B[K");
  }

  @Test
  void elsewhereThereIsALineForEachTenthOrHalfMinute() {
    try (Progress progress = line(false, 100)) {
      for (int i = 1; i <= 25; i++) {
        after(1);
        progress.update(i);
      }
      after(31);
      progress.update(26);
    }

    assertThat(out.toString().lines())
        .containsExactly(
            "train   10 %  10/100 epochs  1.00/s  ETA 1 min 30 s",
            "train   20 %  20/100 epochs  1.00/s  ETA 1 min 20 s",
            "train   26 %  26/100 epochs  0.46/s  ETA 2 min 39 s");
  }

  @Test
  void workOfUnknownLengthShowsCountAndRate() {
    try (Progress progress = line(false, 0)) {
      after(40);
      progress.update(80_000);
    }

    assertThat(out.toString().lines()).containsExactly("train  80,000 epochs  2,000/s");
  }
}
