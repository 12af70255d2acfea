package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.FileTree;
import simsiam.pipelines.result.SomeReport;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.run.GraphRunner;
import simsiam.pipelines.stage.run.StageFailedException;
import simsiam.pipelines.stage.store.SuccessRecord;

class GraphRunnerTest {
  @TempDir private Path folder;
  private Study study;

  @BeforeEach
  void study() {
    study = new Study(folder);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void runsEachStageOnceAndNothingTheSecondTime() throws Exception {
    study.run();
    study.console.lines.clear();
    study.run();

    assertThat(study.runs()).containsExactly(1, 1, 1, 1);
    assertThat(study.console.lines).containsExactly("cached a", "cached b", "cached c", "cached d");
  }

  @Test
  void rerunsAStageAloneUnderAChangedKey() throws Exception {
    study.run();
    study.run(Study.only("d"), "linear.epochs=30");

    assertThat(study.runs()).containsExactly(1, 1, 1, 2);
    study.run();
    assertThat(study.runs()).as("both outputs are kept").containsExactly(1, 1, 1, 2);
  }

  @Test
  void givesAStageTheFoldersOfWhatItReads() throws Exception {
    study.c.body =
        context -> {
          Path upstream = context.upstream("b");
          Files.copy(upstream.resolve("data.txt"), context.output().resolve("copy.txt"));
          assertThatThrownBy(() -> context.upstream("a"))
              .hasMessage(
                  "Cannot read the output of a: expected one of [b], which stage c declares");
          return SomeReport.of("copied");
        };

    study.run("seed=5");

    assertThat(study.output("c", "seed=5").resolve("copy.txt")).hasContent("seed 5");
  }

  @Test
  void recordsWhatWasMadeOutOfWhat() throws Exception {
    study.c.body =
        context -> {
          Files.createDirectories(context.output().resolve("sub"));
          Files.writeString(context.output().resolve("sub/x.txt"), "abc");
          return SomeReport.of("top-1 60 %", "knn_top1", 60.5, "collapsed", false);
        };
    study.run();

    SuccessRecord record = study.plan(Selection.all()).all().get("c").last().orElseThrow();

    assertThat(record.files()).containsOnlyKeys("sub/x.txt");
    assertThat(record.files().get("sub/x.txt").bytes()).isEqualTo(3);
    assertThat(record.files().get("sub/x.txt").sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(record.inputs().config())
        .containsOnlyKeys("knn.k", "knn.temperature")
        .hasEntrySatisfying("knn.temperature", value -> assertThat(value).hasToString("0.1"));
    assertThat(record.inputs().upstream()).containsOnlyKeys("b");
    assertThat(record.fingerprint()).isEqualTo(record.inputs().fingerprint());
    assertThat(record.result().headline()).isEqualTo("top-1 60 %");
    assertThat(record.result().summary()).hasToString("{collapsed=false, knn_top1=60.5}");
    assertThat(record.versions()).containsKeys("java", "os", "simsiam");
    assertThat(names(study.output("c")))
        .containsExactly("_SUCCESS.json", "_inputs.json", "report.json", "sub");
  }

  @Test
  void aFailedStageLeavesNothingCommittedAndStopsTheRun() throws Exception {
    study.b.body =
        context -> {
          Files.writeString(context.output().resolve("half.txt"), "half");
          throw new IOException("Cannot read shard 3: expected 10 rows, got 9");
        };

    assertThatThrownBy(study::run)
        .isInstanceOf(StageFailedException.class)
        .hasMessage("Stage b failed: Cannot read shard 3: expected 10 rows, got 9");

    assertThat(study.runs()).containsExactly(1, 1, 0, 0);
    assertThat(study.output("b")).doesNotExist();
    assertThat(study.reasons(Selection.all()))
        .containsEntry("a", "cached")
        .containsEntry("b", "run did not finish last time; starts again");
    assertThat(study.tracking.events)
        .containsExactly(
            "begin a",
            "end a FINISHED",
            "begin b",
            "end b FAILED: Cannot read shard 3: expected 10 rows, got 9");
    assertThat(study.tracking.planned).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(study.summary.failure())
        .contains("Stage b failed: Cannot read shard 3: expected 10 rows, got 9");
  }

  @Test
  void aStageThatStartsAgainFindsAnEmptyFolder() throws Exception {
    study.b.body =
        context -> {
          assertThat(names(context.output())).containsExactly("_inputs.json");
          Files.writeString(context.output().resolve("half.txt"), "half");
          throw new IOException("no");
        };
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(study::run).hasMessage("Stage b failed: no");
    }
  }

  @Test
  void aResumableStageContinuesFromWhatItLeft() throws Exception {
    study.b.resumable = true;
    study.b.body =
        context -> {
          Path half = context.output().resolve("half.txt");
          if (Files.exists(half)) {
            Files.writeString(context.output().resolve("whole.txt"), Files.readString(half) + "+2");
            return SomeReport.of("resumed");
          }
          Files.writeString(half, "1");
          throw new IOException("killed");
        };
    assertThatThrownBy(study::run).hasMessage("Stage b failed: killed");
    assertThat(study.reasons(Selection.all()))
        .containsEntry("b", "run did not finish last time; continues");

    study.run();

    assertThat(study.output("b").resolve("whole.txt")).hasContent("1+2");
  }

  @Test
  void workThatGoesOnWithOtherInputsThanItBeganWithSaysSo() throws Exception {
    String told = "b goes on with another output of a than it began with; --force=b begins anew";
    study.b.resumable = true;
    study.b.body =
        context -> {
          Files.writeString(context.output().resolve("half.txt"), "1");
          throw new IOException("killed");
        };
    assertThatThrownBy(study::run).hasMessage("Stage b failed: killed");
    Path partial = study.output("b").resolveSibling(study.output("b").getFileName() + ".partial");
    String begun = Files.readString(partial.resolve("_inputs.json"));
    assertThatThrownBy(study::run).hasMessage("Stage b failed: killed");
    assertThat(study.console.lines).doesNotContain(told);
    study.a.body =
        context -> {
          Files.writeString(context.output().resolve("data.txt"), "other");
          return SomeReport.of("other");
        };

    assertThatThrownBy(() -> study.run(Study.forced("a"))).hasMessage("Stage b failed: killed");

    assertThat(study.console.lines).containsOnlyOnce(told);
    assertThat(partial.resolve("half.txt")).exists();
    assertThatThrownBy(study::run).hasMessage("Stage b failed: killed");
    assertThat(study.console.lines).containsOnlyOnce(told);

    // Begun by a release that did not note what it read, it goes on without a word.
    Map<String, Object> older = new TreeMap<>();
    Json.parse(begun).forEach((key, value) -> older.put((String) key, value));
    assertThat(older.remove("upstream_outputs")).isNotNull();
    Json.write(partial.resolve("_inputs.json"), older);
    assertThatThrownBy(study::run).hasMessage("Stage b failed: killed");
    assertThat(study.console.lines).containsOnlyOnce(told);
  }

  @Test
  void forceStartsAResumableStageFromNothing() throws Exception {
    study.b.resumable = true;
    study.b.body =
        context -> {
          assertThat(names(context.output())).containsExactly("_inputs.json");
          Files.writeString(context.output().resolve("half.txt"), "1");
          throw new IOException("killed");
        };
    assertThatThrownBy(study::run).hasMessage("Stage b failed: killed");
    assertThatThrownBy(() -> study.run(Study.forced("b"))).hasMessage("Stage b failed: killed");
  }

  @Test
  void aForcedStageThatGivesTheSameBytesSparesTheOnesAfterIt() throws Exception {
    study.run();
    study.run(Study.forced("b"));
    assertThat(study.runs()).containsExactly(1, 2, 1, 1);

    study.b.body =
        context -> {
          Files.writeString(context.output().resolve("data.txt"), "other");
          return SomeReport.of("other");
        };
    study.run(Study.forced("b"));
    assertThat(study.runs()).containsExactly(1, 3, 2, 2);
  }

  @Test
  void afterAForcedStageAloneTheOnesAfterItAreOutOfDate() throws Exception {
    study.run();
    study.b.body =
        context -> {
          Files.writeString(context.output().resolve("data.txt"), "other");
          return SomeReport.of("other");
        };
    study.run(
        new Selection(
            java.util.Optional.of("b"),
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            true,
            java.util.Set.of()));

    assertThat(study.reasons(Selection.all()))
        .containsEntry("c", "run the output of b is another one now");
  }

  @Test
  void aFailedForcedRunKeepsTheOutputThatWasThere() throws Exception {
    study.run();
    study.b.body =
        context -> {
          throw new IOException("no");
        };

    assertThatThrownBy(() -> study.run(Study.forced("b"))).hasMessage("Stage b failed: no");

    assertThat(study.plan(Selection.all()).allCached()).isTrue();
  }

  @Test
  void aDeletedOutputIsMadeAgainAndSparesTheOnesAfterIt() throws Exception {
    study.run();
    FileTree.delete(study.output("a"));

    study.run();

    assertThat(study.runs()).containsExactly(2, 1, 1, 1);
  }

  @Test
  void theSummaryHasTheStagesAndTheFiguresOfCachedOnesToo() throws Exception {
    study.c.body = context -> SomeReport.of("", "knn_top1", 60.5, "other", 1);
    study.d.body = context -> SomeReport.of("", "collapsed", true);
    study.run();
    study.run();
    study.summary.mlflowUrl("http://x");
    study.summary.write(folder.resolve("summary.json"));

    assertThat(Files.readString(folder.resolve("summary.json")))
        .isEqualToIgnoringWhitespace(
            """
            {
              "collapsed" : true, "final_loss" : null, "final_output_std" : null,
              "knn_top1" : 60.5, "linear_top1" : null, "mlflow_url" : "http://x",
              "other" : 1.0, "probe_top1" : null, "random_encoder_knn_top1" : null,
              "random_encoder_probe_top1" : null,
              "stages" : [
                { "name" : "a", "state" : "cached", "seconds" : 0.0 },
                { "name" : "b", "state" : "cached", "seconds" : 0.0 },
                { "name" : "c", "state" : "cached", "seconds" : 0.0 },
                { "name" : "d", "state" : "cached", "seconds" : 0.0 } ]
            }
            """);
  }

  @Test
  void anInterruptReachesTheStageAtWork() throws Exception {
    GraphRunner runner = study.runner();
    Deadline deadline = Deadline.ofSignal();
    study.b.body =
        context -> {
          context.onInterrupt(at -> study.console.note("saving " + at));
          assertThat(runner.interrupt(deadline)).contains("b");
          context.onInterrupt(at -> study.console.note("late " + at));
          return SomeReport.of("");
        };
    assertThatThrownBy(() -> runner.run(Study.config(), study.plan(Selection.all())))
        .isInstanceOf(StageFailedException.class)
        .hasMessageStartingWith("Stage c failed: ");

    assertThat(study.console.lines).contains("saving " + deadline, "late " + deadline);
    assertThat(study.runs()).as("nothing begins any more").containsExactly(1, 1, 0, 0);
    assertThat(runner.interrupt(deadline)).as("nothing is at work any more").isEmpty();
  }

  @Test
  void anUnreadableRecordMeansThatTheStageRunsAgain() throws Exception {
    study.run();
    Files.writeString(study.output("c").resolve("_SUCCESS.json"), "{ \"finger");

    study.run();

    assertThat(study.runs()).containsExactly(1, 1, 2, 1);
    assertThat(study.plan(Selection.all()).allCached()).isTrue();
  }
}
