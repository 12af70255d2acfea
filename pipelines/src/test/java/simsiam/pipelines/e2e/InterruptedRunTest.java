package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.FileTree;

/** What is killed at any moment ends with the same bytes when the same command is given again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterruptedRunTest {
  private static final String WHOLE = "whole";
  private static final int CHECKPOINT_ATTEMPTS = 3;

  private TinyStudy study;
  private SortedMap<String, String> uninterrupted;

  @BeforeAll
  void runOnceWithoutInterruption(@TempDir Path folder) throws Exception {
    study = TinyStudy.in(folder);
    runToTheEnd(WHOLE);
    uninterrupted = study.digests(WHOLE);
    assertThat(uninterrupted.keySet())
        .anyMatch(file -> file.matches("pretrain/.*/step-00000060/weights.safetensors"))
        .anyMatch(file -> file.matches("shard/.*/train-00002-of-00003.parquet"))
        .anyMatch(file -> file.matches("shard/.*/manifest.json"))
        .anyMatch(file -> file.matches("features/.*/features-test.parquet"))
        .anyMatch(file -> file.matches("linear/.*/report.json"));
  }

  private void runToTheEnd(String workspace) throws Exception {
    try (SimsiamProcess run = study.start("run", workspace)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
  }

  /** Kills a run once its stage has written such a file, and sees that it was not done. */
  private void killIn(String workspace, String stage, Predicate<String> file) throws Exception {
    try (SimsiamProcess run = study.start("run", workspace)) {
      run.await(() -> study.unfinished(workspace, stage).stream().anyMatch(file)).kill();
      assertThat(run.exitCode()).isEqualTo(137);
    }
    assertThat(study.committed(workspace, stage)).as(stage + " was done too early").isFalse();
  }

  @Test
  void aRunKilledInEveryStageEndsWithTheBytesOfAnUninterruptedOne() throws Exception {
    String killed = "killed";
    killIn(killed, "preprocess", file -> file.contains("examples-"));
    killIn(killed, "shard", file -> file.startsWith(".runs/"));
    killIn(killed, "pretrain", "steps.csv"::equals); // before the first checkpoint
    killIn(killed, "pretrain", file -> file.matches("checkpoints/step-\\d+/state.json"));
    assertThat(killsInACheckpoint(killed)).isPositive();
    killIn(killed, "features", file -> file.contains("random-features-train"));

    runToTheEnd(killed);

    assertThat(study.digests(killed)).containsExactlyEntriesOf(uninterrupted);
  }

  /** Kills runs as they begin to write a checkpoint until one is left half written. */
  private int killsInACheckpoint(String workspace) throws Exception {
    for (int i = 0; i < CHECKPOINT_ATTEMPTS; i++) {
      List<String> before = checkpointParts(workspace);
      killIn(workspace, "pretrain", file -> halfWritten(file) && !before.contains(file));
      if (!checkpointParts(workspace).isEmpty()) {
        return 1;
      }
    }
    return 0;
  }

  private List<String> checkpointParts(String workspace) throws IOException {
    return study.unfinished(workspace, "pretrain").stream()
        .filter(InterruptedRunTest::halfWritten)
        .toList();
  }

  private static boolean halfWritten(String file) {
    return file.matches("checkpoints/step-\\d+\\.partial/.*");
  }

  @Test
  void aTerminatedRunSavesWhereItIsAndSaysHowToContinue() throws Exception {
    String ended = "terminated";
    try (SimsiamProcess run = study.start("run", ended)) {
      run.await(() -> run.output().matches("(?s).*pretrain +\\d+ %.*"));
      run.terminate();
      assertThat(run.exitCode()).as(run.output()).isEqualTo(130);
      assertThat(run.output())
          .contains("interrupted in pretrain")
          .contains(
              "continue with: ./simsiam run "
                  + study.folder().resolve("tiny.yaml")
                  + " workspace="
                  + study.at(ended));
    }
    List<Integer> saved =
        study.unfinished(ended, "pretrain").stream()
            .filter(file -> file.matches("checkpoints/step-\\d+/state.json"))
            .map(file -> Integer.valueOf(file.replaceAll("\\D", "")))
            .toList();
    assertThat(saved)
        .as("a checkpoint inside an epoch")
        .anyMatch(step -> step % TinyStudy.STEPS_PER_EPOCH != 0);

    runToTheEnd(ended);

    assertThat(study.digests(ended)).containsExactlyEntriesOf(uninterrupted);
  }

  @Test
  void aTerminatedRunCancelsItsPipelineAndWritesNothingAfterwards() throws Exception {
    String ended = "cancelled";
    String[] slowly = {"dataset.limit=0", "--", "--targetParallelism=1"};
    try (SimsiamProcess run = study.start("run", ended, slowly)) {
      run.await(
          () ->
              study.unfinished(ended, "preprocess").stream()
                  .anyMatch(file -> file.contains("examples-")));
      run.terminate();
      assertThat(run.exitCode()).as(run.output()).isEqualTo(130);
      List<String> left = study.unfinished(ended, "preprocess");
      assertThat(run.output())
          .containsPattern(
              "cancelling the pipeline \\S+\n(Tracking: .*\n)?interrupted in preprocess\n");
      TimeUnit.SECONDS.sleep(1);
      assertThat(study.unfinished(ended, "preprocess")).isEqualTo(left);
    }
  }

  @Test
  void aRunWhoseStageIsDeletedUnderItsPipelineNamesTheFolder() throws Exception {
    String deleted = "deleted";
    String[] slowly = {"dataset.limit=0", "--", "--targetParallelism=1"};
    try (SimsiamProcess run = study.start("run", deleted, slowly)) {
      run.await(
          () ->
              study.unfinished(deleted, "preprocess").stream()
                  .anyMatch(file -> file.contains("examples-")));
      try (Stream<Path> stages = Files.list(study.at(deleted).resolve("stages/preprocess"))) {
        stages.forEach(FileTree::delete);
      }
      assertThat(run.exitCode()).as(run.output()).isEqualTo(3);
      assertThat(run.output())
          .containsPattern(
              "Cannot make the output of preprocess: expected its unfinished folder to stay meanwhile, got none \\(\\S+/stages/preprocess/\\S+\\.partial\\)");
    }
  }

  /** Starts a run, stops it in its first stage, and starts a second one that waits for it. */
  private SimsiamProcess waiter(SimsiamProcess first, String workspace, String... more)
      throws Exception {
    first.await(() -> study.unfinished(workspace, "preprocess").contains("_inputs.json"));
    first.signal("STOP");
    SimsiamProcess second = study.start("run", workspace, more);
    String waiting =
        "(?s).*waiting for stage preprocess, which process "
            + first.pid()
            + " on \\S+, since \\S+ is making.*";
    return second.await(() -> second.output().matches(waiting));
  }

  @Test
  void twoRunsOfTheSameMakeEachStageOnce() throws Exception {
    String shared = "shared";
    try (SimsiamProcess first = study.start("run", shared);
        SimsiamProcess second = waiter(first, shared)) {
      first.signal("CONT");
      assertThat(first.exitCode()).as(first.output()).isZero();
      assertThat(second.exitCode()).as(second.output()).isZero();
      assertThat(second.output()).containsPattern("preprocess +cached");
      for (String stage :
          List.of(
              "preprocess", "shard", "pretrain", "features", "knn", "probe", "linear", "report")) {
        assertThat((first.output() + second.output()).lines())
            .as("runs of " + stage)
            .filteredOn(line -> line.matches(stage + " +ran .*"))
            .hasSize(1);
      }
    }
    assertThat(study.digests(shared)).containsExactlyEntriesOf(uninterrupted);
  }

  @Test
  void aWaitingRunTakesOverWhenTheOtherIsKilledAndEndsOnASignal() throws Exception {
    String shared = "taken-over";
    try (SimsiamProcess first = study.start("run", shared);
        SimsiamProcess second = waiter(first, shared, "--to", "preprocess")) {
      try (SimsiamProcess third = waiter(first, shared)) {
        third.terminate();
        assertThat(third.exitCode()).as(third.output()).isEqualTo(130);
        assertThat(third.output()).contains("interrupted\ncontinue with: ./simsiam run ");
      }
      first.kill();
      assertThat(second.exitCode()).as(second.output()).isZero();
      assertThat(second.output())
          .containsPattern("taking over stage preprocess of process " + first.pid() + " on ")
          .containsPattern("preprocess +ran ");
    }
  }
}
