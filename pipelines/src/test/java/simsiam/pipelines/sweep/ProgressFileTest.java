package simsiam.pipelines.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.RecordingConsole;
import simsiam.pipelines.stage.RecordingTracking;
import simsiam.pipelines.stage.StageTracking;

/** What a child tells, and what its parent reads of it. */
class ProgressFileTest {
  @TempDir private Path folder;
  private Path file;
  private final RecordingConsole console = new RecordingConsole();
  private final RecordingTracking tracker = new RecordingTracking();

  @BeforeEach
  void name() {
    file = folder.resolve("progress.jsonl");
    System.setProperty(ProgressFile.PROPERTY, file.toString());
  }

  @AfterEach
  void forget() {
    System.clearProperty(ProgressFile.PROPERTY);
  }

  @Test
  void theParentSeesWhatTheChildDoes() throws Exception {
    ProgressFile told = ProgressFile.ofThisProcess().orElseThrow();
    Console telling = told.telling(console);
    PointProgress seen = new PointProgress(file);
    seen.refresh();
    assertThat(seen.stage()).isEmpty();

    telling.started("pretrain", "never run");
    StageTracking stage = told.telling(tracker).begin("pretrain", "fingerprint", false);
    Progress progress = telling.progress("pretrain", "steps", 200);
    progress.update(50, "a note");
    seen.refresh();

    assertThat(seen.stage()).isEqualTo("pretrain");
    assertThat(seen.share()).hasValue(0.25);
    assertThat(seen.figure("loss")).isEmpty();
    assertThat(seen.secondsLeft()).isEmpty(); // the pace is not known yet

    stage.metric("step/loss", -0.5, 100);
    stage.metric("epoch/knn_top1", 54.5, 3);
    stage.metric("epoch/lr", 0.1, 3);
    Thread.sleep(400);
    progress.update(100, "a note");
    seen.refresh();

    assertThat(seen.share()).hasValue(0.5);
    assertThat(seen.figure("loss")).hasValue(-0.5);
    assertThat(seen.figure("knn_top1")).hasValue(54.5);
    assertThat(seen.figure("epoch")).hasValue(3);
    assertThat(seen.figure("lr")).isEmpty();
    // 50 steps took what was slept, 100 are left.
    assertThat(seen.secondsLeft().getAsDouble()).isBetween(0.5, 20.0);

    telling.ended("pretrain", "ran", 2, "loss -0.5");
    telling.started("knn", "never run");
    seen.refresh();
    assertThat(seen.stage()).isEqualTo("knn");
    assertThat(seen.share()).isEmpty();
    assertThat(console.lines)
        .containsExactly(
            "started pretrain: never run",
            "pretrain 50/200 steps a note",
            "pretrain 100/200 steps a note",
            "ran pretrain",
            "started knn: never run");
    assertThat(tracker.events).contains("begin pretrain");
  }

  @Test
  void aLineThatIsHalfWrittenIsReadWhenItIsWhole() throws Exception {
    PointProgress seen = new PointProgress(file);
    Files.writeString(file, "{\"stage\":\"shard\",\"state\":\"begins\"}\n{\"stage\":\"pre");
    seen.refresh();
    assertThat(seen.stage()).isEqualTo("shard");

    Files.writeString(
        file, "train\",\"state\":\"works\",\"done\":1,\"total\":4}\n", StandardOpenOption.APPEND);
    seen.refresh();
    assertThat(seen.stage()).isEqualTo("pretrain");
    assertThat(seen.share().getAsDouble()).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void whatCannotBeWrittenDoesNotStopTheRun() {
    System.setProperty(ProgressFile.PROPERTY, folder.resolve("none/progress.jsonl").toString());
    Console telling = ProgressFile.ofThisProcess().orElseThrow().telling(console);

    telling.started("pretrain", "never run");
    telling.started("features", "never run");

    assertThat(console.lines).hasSize(2);
  }

  @Test
  void aRunOfItsOwnTellsNothing() {
    System.clearProperty(ProgressFile.PROPERTY);
    assertThat(ProgressFile.ofThisProcess()).isEqualTo(Optional.empty());
  }
}
