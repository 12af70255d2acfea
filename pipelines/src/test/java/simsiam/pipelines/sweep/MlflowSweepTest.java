package simsiam.pipelines.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.JournalReader;
import simsiam.mlflow.spool.Located;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.result.SomeReport;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.sweep.SweepRunner.Settings;
import simsiam.pipelines.sweep.grid.Sweep;
import simsiam.pipelines.sweep.grid.SweepArguments;
import simsiam.pipelines.tracking.MlflowSweep;
import simsiam.pipelines.tracking.MlflowTracking;
import simsiam.pipelines.tracking.RunPlace;

/** What is journalled of a sweep for MLflow. */
class MlflowSweepTest {
  private static final String OFFLINE = "tracking.mode=offline";
  private static final String HIDDEN = "predictor.hidden=8,16";

  @TempDir private Path folder;
  private final List<String> notes = new ArrayList<>();

  /** A run as its journal tells it: the last value of each tag, all points of each metric. */
  private static final class Told {
    Entry.Start start;
    RunStatus status;
    final Map<String, String> params = new LinkedHashMap<>();
    final Map<String, String> tags = new LinkedHashMap<>();
    final Map<String, SortedMap<Long, Double>> metrics = new LinkedHashMap<>();

    Told(RunFolder run) throws IOException {
      long at = 0;
      List<Located> lines = JournalReader.read(run.journal(), at);
      while (!lines.isEmpty()) {
        lines.forEach(line -> add(line.line().entry()));
        at = lines.get(lines.size() - 1).end();
        lines = JournalReader.read(run.journal(), at);
      }
    }

    private void add(Entry entry) {
      if (entry instanceof Entry.Start begin) {
        assertThat(start).isNull();
        start = begin;
      } else if (entry instanceof Entry.Params more) {
        params.putAll(more.values());
      } else if (entry instanceof Entry.Tags more) {
        tags.putAll(more.values());
      } else if (entry instanceof Entry.Metrics more) {
        more.values()
            .forEach(
                (key, value) ->
                    assertThat(
                            metrics
                                .computeIfAbsent(key, k -> new TreeMap<>())
                                .put(more.step(), value))
                        .as(key)
                        .isNull());
      } else if (entry instanceof Entry.End end) {
        status = end.status();
      }
    }

    double last(String metric) {
      SortedMap<Long, Double> points = metrics.get(metric);
      return points.get(points.lastKey());
    }
  }

  private List<Told> told() throws IOException {
    List<Told> told = new ArrayList<>();
    for (RunFolder run : new Spool(folder.resolve("tracking")).runs()) {
      told.add(new Told(run));
    }
    return told;
  }

  private Map<String, Told> told(String stage) throws IOException {
    Map<String, Told> byName = new TreeMap<>();
    for (Told run : told()) {
      if (run.tags.getOrDefault("stage", "").equals(stage)) {
        assertThat(byName.put(run.start.name(), run)).as(run.start.name()).isNull();
      }
    }
    return byName;
  }

  private Optional<String> tell(FakeStudy study, Sweep sweep) throws IOException {
    try (SweepTracking tracking = MlflowSweep.of(sweep, study.workspace, notes::add)) {
      return tracking.end(study.results(sweep), false);
    }
  }

  @Test
  void pointsNoneOfWhoseStagesHadToRunHaveRunsLikeTheOthers() throws Exception {
    FakeStudy study = new FakeStudy(folder);
    Sweep sweep = study.sweep(OFFLINE, HIDDEN, "seed=1,2");
    study.run(OFFLINE, HIDDEN, "seed=1,2");

    tell(study, sweep);

    Told whole = told("sweep").get("grid-quickstart");
    assertThat(whole.status).isEqualTo(RunStatus.FINISHED);
    assertThat(whole.start.parentUid()).isEmpty();
    assertThat(whole.params).containsEntry("predictor.hidden", "64").containsKey("train.base_lr");
    assertThat(whole.tags.get("mlflow.note.content"))
        .contains("4 points, 4 done", "51.50 ± 0.71", "[predictor.hidden=16 seed=2](run:sweep-");

    Map<String, Told> points = told("pipeline");
    assertThat(points).hasSize(4);
    Told point = points.get("predictor.hidden=16 seed=2");
    assertThat(point.status).isEqualTo(RunStatus.FINISHED);
    assertThat(point.start.parentUid()).isEqualTo(whole.start.uid());
    assertThat(point.params).containsEntry("predictor.hidden", "16").containsEntry("seed", "2");
    assertThat(point.params.keySet()).isEqualTo(whole.params.keySet());
    assertThat(point.tags)
        .containsEntry("sweep.id", "grid-quickstart")
        .containsEntry("sweep.point", study.plan(sweep).points().get(3).point().id())
        .containsEntry("sweep.axis.predictor.hidden", "16")
        .containsEntry("sweep.axis.seed", "2")
        .containsEntry("collapsed", "false");
    assertThat(point.metrics.get("eval/knn_top1")).isEqualTo(Map.of(0L, 52.0));

    Map<String, Told> groups = told("group");
    assertThat(groups).hasSize(2);
    Told group = groups.get("predictor.hidden=16, mean of seeds");
    assertThat(group.start.parentUid()).isEqualTo(whole.start.uid());
    assertThat(group.tags).containsEntry("sweep.group", "predictor.hidden=16");
    assertThat(group.params).containsEntry("predictor.hidden", "16").doesNotContainKey("seed");
    assertThat(group.last("eval/knn_top1")).isEqualTo(51.5);
    assertThat(group.last("eval/knn_top1_std")).isCloseTo(Math.sqrt(0.5), within(1e-12));
    assertThat(group.last("n")).isEqualTo(2);
    assertThat(notes).noneMatch(note -> note.contains("Cannot"));
  }

  @Test
  void nothingIsToldTwiceAndWhatIsNewGoesOnInTheSameRuns() throws Exception {
    FakeStudy study = new FakeStudy(folder);
    study.run(OFFLINE, "seed=1,2");
    tell(study, study.sweep(OFFLINE, "seed=1,2"));
    Map<Path, String> before = journals();

    tell(study, study.sweep(OFFLINE, "seed=1,2"));
    assertThat(journals()).isEqualTo(before);

    study.run(OFFLINE, "seed=1..3");
    tell(study, study.sweep(OFFLINE, "seed=1..3"));

    assertThat(told()).hasSize(5);
    assertThat(told("pipeline").keySet()).containsExactly("seed=1", "seed=2", "seed=3");
    Told group = told("group").get("base, mean of seeds");
    assertThat(group.metrics.get("eval/knn_top1")).isEqualTo(Map.of(0L, 51.5, 1L, 52.0));
    assertThat(group.metrics.get("eval/knn_top1_std").keySet()).containsExactly(0L, 1L);
    assertThat(group.metrics.get("n")).isEqualTo(Map.of(0L, 2.0, 1L, 3.0));
    assertThat(told("sweep").values().iterator().next().tags.get("mlflow.note.content"))
        .contains("3 points, 3 done", "52.00 ± 1.00");
  }

  private Map<Path, String> journals() throws IOException {
    Map<Path, String> texts = new TreeMap<>();
    for (RunFolder run : new Spool(folder.resolve("tracking")).runs()) {
      texts.put(run.path(), Files.readString(run.journal()));
    }
    return texts;
  }

  @Test
  void aFailureIsToldAndForgottenWhenThePointIsThere() throws Exception {
    FakeStudy study = new FakeStudy(folder);
    Sweep sweep = study.sweep(OFFLINE, "seed=1,2");
    study.knn =
        context -> {
          if (context.config().seed() == 2) {
            throw new IllegalStateException("Cannot go on: expected luck, got none");
          }
          return SomeReport.of("", "knn_top1", 60.0);
        };
    study.runner(sweep, new Settings(1, false, false)).run();
    tell(study, sweep);

    Told failed = told("pipeline").get("seed=2");
    assertThat(failed.status).isEqualTo(RunStatus.FAILED);
    assertThat(failed.tags).containsEntry("failure", "Cannot go on: expected luck, got none");
    assertThat(told("sweep").get("grid-quickstart").status).isEqualTo(RunStatus.FAILED);
    assertThat(told("group").get("base, mean of seeds").last("n")).isEqualTo(1);

    study.knn = context -> SomeReport.of("", "knn_top1", 62.0);
    study.runner(sweep, new Settings(1, false, true)).run();
    tell(study, sweep);

    Told again = told("pipeline").get("seed=2");
    assertThat(again.status).isEqualTo(RunStatus.FINISHED);
    assertThat(again.tags).containsEntry("failure", "");
    assertThat(again.last("eval/knn_top1")).isEqualTo(62);
    assertThat(told("group").get("base, mean of seeds").last("eval/knn_top1")).isEqualTo(61);
    assertThat(told("sweep").get("grid-quickstart").status).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void aChildGoesOnInTheRunOfItsPointWithTheStagesBelow() throws Exception {
    FakeStudy study = new FakeStudy(folder);
    Sweep sweep = study.sweep(OFFLINE, "seed=1,2");
    study.run(OFFLINE, "seed=1");
    PlannedPoint second = study.plan(sweep).points().get(1);
    PointFolder place = new PointFolder(study.workspace, sweep, second.point());
    place.begin(study.workspace, sweep, second.point());

    try (SweepTracking tracking = MlflowSweep.of(sweep, study.workspace, notes::add)) {
      tracking.begin();
      tracking.update(study.results(sweep), Set.of());
      assertThat(told("pipeline").keySet()).containsExactly("seed=1");
      assertThat(tracking.options(second, place))
          .containsExactly("-Dsimsiam.place=" + place.place());
      child(study, sweep, second, place);
      study.run(OFFLINE, "seed=1,2");
      tracking.update(study.results(sweep), Set.of(second.point().id()));
      assertThat(told("pipeline").get("seed=2").tags).doesNotContainKey("collapsed");
      tracking.end(study.results(sweep), false);
    }

    Told run = told("pipeline").get("seed=2");
    assertThat(run.start.parentUid()).isEqualTo(told("sweep").get("grid-quickstart").start.uid());
    assertThat(told("pretrain").values().iterator().next().start.parentUid())
        .isEqualTo(run.start.uid());
    assertThat(run.tags)
        .containsEntry("sweep.axis.seed", "2")
        .containsEntry("collapsed", "false")
        .containsKey("simsiam.version");
    assertThat(run.tags.keySet()).noneMatch(key -> key.startsWith("resumed."));
    assertThat(run.metrics.get("eval/knn_top1")).isEqualTo(Map.of(0L, 52.0));
    assertThat(told()).hasSize(5); // a sweep, two points, a stage, a group
  }

  /** What the child process does with its tracker. */
  private void child(FakeStudy study, Sweep sweep, PlannedPoint planned, PointFolder place)
      throws IOException {
    Path invocation = Files.createDirectories(folder.resolve("invocations").resolve("one"));
    Files.writeString(invocation.resolve("config.yaml"), "");
    LoadedConfig loaded = planned.point().config();
    LoadedConfig own =
        new LoadedConfig(
            PointFolder.config(study.workspace, sweep, planned.point()),
            loaded.file(),
            loaded.overrides(),
            loaded.origins());
    try (MlflowTracking child =
        new MlflowTracking(
            own,
            folder,
            invocation,
            notes::add,
            Optional.of(Json.read(place.place(), RunPlace.class)))) {
      child.begin("pretrain", "0123456789abcdef0123456789abcdef", false);
      child.end("pretrain", RunOutcome.FINISHED, Optional.empty());
      RunSummary summary = new RunSummary();
      summary.report(SomeReport.of("", "knn_top1", 52.0));
      child.outcome(RunOutcome.FINISHED, summary);
    }
  }

  @Test
  void anotherBaseMakesOtherRunsUnderTheSameSweep() throws Exception {
    FakeStudy study = new FakeStudy(folder);
    study.run(OFFLINE, "seed=1");
    tell(study, study.sweep(OFFLINE, "seed=1"));
    study.run(OFFLINE, "train.epochs=7", "seed=1");
    tell(study, study.sweep(OFFLINE, "train.epochs=7", "seed=1"));

    List<String> epochs = new ArrayList<>();
    for (Told run : told()) {
      if (run.tags.get("stage").equals("pipeline")) {
        epochs.add(run.params.get("train.epochs"));
      }
    }
    assertThat(epochs).hasSize(2).contains("7").doesNotHaveDuplicates();
    assertThat(told("sweep")).hasSize(1);
  }

  @Test
  void aSecondProcessLeavesTheTellingToTheFirst() throws Exception {
    FakeStudy study = new FakeStudy(folder);
    Sweep sweep = study.sweep(OFFLINE, "seed=1");
    study.run(OFFLINE, "seed=1");
    try (SweepTracking first = MlflowSweep.of(sweep, study.workspace, notes::add);
        SweepTracking second = MlflowSweep.of(sweep, study.workspace, notes::add)) {
      second.begin();
      second.end(study.results(sweep), false);
      assertThat(notes).containsExactly("Tracking: another process tells MLflow of this sweep");
      assertThat(told()).isEmpty();
      first.end(study.results(sweep), false);
    }
    assertThat(told()).hasSize(3);
  }

  @Test
  void aServerThatIsAwayCostsTheSweepAFewSecondsOnce() throws Exception {
    FakeStudy study = new FakeStudy(folder);
    String[] words = {"tracking.uri=http://127.0.0.1:1", "seed=1..4"};
    Sweep sweep = study.sweep(words);
    study.run(words);

    long begin = System.nanoTime();
    assertThat(tell(study, sweep)).isEmpty();
    assertThat((System.nanoTime() - begin) / 1e9).isBetween(1.0, 9.0);
    assertThat(notes).anyMatch(note -> note.contains("entries wait in"));

    begin = System.nanoTime();
    tell(study, sweep);
    assertThat((System.nanoTime() - begin) / 1e9).isLessThan(1);
  }

  @Test
  void secretsAreHiddenInAllRuns() throws Exception {
    FakeStudy study = new FakeStudy(folder);
    Path file = folder.resolve("secret.yaml");
    Files.writeString(
        file,
        """
        sweep: secret
        axes:
          from:
            "https://u:hushhush@h/a": {train.epochs: 3}
            there: {train.epochs: 4}
        """);
    Sweep sweep =
        new SweepArguments(
                Optional.of(file),
                Optional.of(FakeStudy.CONF.resolve("quickstart.yaml")),
                List.of(OFFLINE))
            .expand(Optional.of(FakeStudy.CONF));
    study.runner(sweep, new Settings(1, false, false)).run();
    tell(study, sweep);

    assertThat(told()).hasSize(5);
    journals().values().forEach(journal -> assertThat(journal).doesNotContain("hushhush"));
  }
}
