package simsiam.pipelines.stages.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import simsiam.pipelines.stage.RecordingConsole;

class DownloadBarTest {
  @Test
  void showsOneFileAfterTheOther() {
    RecordingConsole console = new RecordingConsole();
    try (DownloadBar bar = new DownloadBar("preprocess", console)) {
      bar.update("images.gz", 1_000_000, 9_912_422);
      bar.update("images.gz", 9_912_422, 9_912_422);
      bar.update("labels.gz", 28_881, 28_881);
    }

    assertThat(console.lines)
        .containsExactly(
            "downloading images.gz",
            "preprocess 1000/9912 kB images.gz",
            "preprocess 9912/9912 kB images.gz",
            "downloading labels.gz",
            "preprocess 28/28 kB labels.gz");
  }
}
