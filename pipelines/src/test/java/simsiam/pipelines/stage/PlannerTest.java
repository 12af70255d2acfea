package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.Violation;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.plan.Planner;
import simsiam.pipelines.stage.plan.Selection;

class PlannerTest {
  @TempDir private Path folder;
  private Study study;

  @BeforeEach
  void study() {
    study = new Study(folder);
  }

  @Test
  void beforeTheFirstRunEveryStageRuns() throws Exception {
    assertThat(study.reasons(Selection.all()))
        .isEqualTo(
            Map.of(
                "a",
                "run never run",
                "b",
                "run never run",
                "c",
                "run never run",
                "d",
                "run never run"));
  }

  @Test
  void afterARunEveryStageIsCached() throws Exception {
    study.run();

    assertThat(study.reasons(Selection.all()))
        .isEqualTo(Map.of("a", "cached", "b", "cached", "c", "cached", "d", "cached"));
    assertThat(study.plan(Selection.all()).allCached()).isTrue();
  }

  @Test
  void namesTheChangedKeysAndTheStagesThatFollow() throws Exception {
    study.run();

    assertThat(study.reasons(Selection.all(), "train.base_lr=0.05", "train.epochs=3", "knn.k=7"))
        .isEqualTo(
            Map.of(
                "a", "cached",
                "b", "run train.base_lr 0.03 -> 0.05, train.epochs 800 -> 3",
                "c", "run knn.k 200 -> 7, b changed",
                "d", "run b changed"));
  }

  @Test
  void keysThatCannotChangeTheResultLeaveEverythingCached() throws Exception {
    study.run();

    assertThat(
            study
                .plan(
                    Selection.all(),
                    "name=other",
                    "train.loader_threads=3",
                    "tracking.mode=offline",
                    "dataset.path=/elsewhere")
                .allCached())
        .isTrue();
  }

  @Test
  void namesAChangeOfTheSourceAndOfTheCode() throws Exception {
    study.run();
    study.a.source = "f00";
    study.c.version = 2;

    assertThat(study.reasons(Selection.all()))
        .containsEntry("a", "run dataset content changed")
        .containsEntry("c", "run code of the stage, version 1 -> 2, b changed");
  }

  @Test
  void comparesWithTheMostRecentInputs() throws Exception {
    study.run("train.epochs=1");
    study.run("train.epochs=2");
    Files.setLastModifiedTime(
        study.output("b", "train.epochs=1").resolve("_inputs.json"),
        java.nio.file.attribute.FileTime.fromMillis(0));

    assertThat(study.reasons(Selection.all(), "train.epochs=3"))
        .containsEntry("b", "run train.epochs 2 -> 3");
  }

  @Test
  void aSingleStageIsPlannedAlone() throws Exception {
    study.run();

    assertThat(study.reasons(Study.only("d"), "linear.epochs=30"))
        .isEqualTo(Map.of("d", "run linear.epochs 90 -> 30"));
  }

  @Test
  void aStageWhoseInputIsMissingIsBlocked() throws Exception {
    assertThat(study.reasons(Study.only("d")))
        .isEqualTo(Map.of("d", "blocked needs the output of b"));
    assertThat(study.reasons(Study.between("b", null)))
        .isEqualTo(
            Map.of(
                "b", "blocked needs the output of a",
                "c", "blocked needs the output of b",
                "d", "blocked needs the output of b"));
    assertThat(study.plan(Study.only("d")).blocked()).hasSize(1);
  }

  @Test
  void fromAndToCutTheGraph() throws Exception {
    study.run(Study.between(null, "a"));

    assertThat(study.reasons(Study.between("b", "c")))
        .isEqualTo(Map.of("b", "run never run", "c", "run never run"));
  }

  @Test
  void aForcedStageRunsAndThoseAfterItDependOnItsOutput() throws Exception {
    study.run();

    assertThat(study.reasons(Study.forced("b")))
        .isEqualTo(
            Map.of(
                "a", "cached",
                "b", "forced forced",
                "c", "run b runs again; kept if that gives the same output",
                "d", "run b runs again; kept if that gives the same output"));
    assertThat(study.reasons(Study.forced()).values()).containsOnly("forced forced");
  }

  @Test
  void aDamagedOutputIsMadeAgain() throws Exception {
    study.run();
    Path file = study.output("c").resolve("data.txt");
    Files.writeString(file, "longer than it was");

    assertThat(study.reasons(Selection.all()))
        .containsEntry("c", "run output damaged: " + file + " has 18 bytes instead of 6");
    Files.delete(file);
    assertThat(study.reasons(Selection.all()))
        .containsEntry("c", "run output damaged: " + file + " is missing");
  }

  @Test
  void aStageReportsWhatItCannotWorkWithAtTheValuesPlace() {
    study.a.violations = List.of(new Violation("dataset.path", "/none", "a folder that exists"));

    assertThatThrownBy(() -> study.plan(Selection.all(), "dataset.path=/none"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Cannot set dataset.path: expected a folder that exists, got /none"
                + " (command line: dataset.path=/none)");
  }

  @Test
  void aSourceThatIsGoneDoesNotMatterToStagesThatDoNotReadIt() throws Exception {
    study.a.source = "f00";
    study.run();
    FakeStage gone = study.a;
    Stage unreadable = new UnreadableSource(gone);
    Planner planner =
        new Planner(
            new StageGraph(List.of(unreadable, study.b, study.c, study.d)), study.workspace);

    assertThat(planner.plan(Study.config("knn.k=3"), Study.only("c")).selected())
        .extracting(PlannedStage::reason)
        .containsExactly("knn.k 200 -> 3");
    assertThatThrownBy(() -> planner.plan(Study.config(), Selection.all()))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot read the images");
  }

  @Test
  void stagesThatAreNotAskedForAreNotThereAndChangeNothing() throws Exception {
    FakeStage extra = new FakeStage("extra", List.of("b"), "seed");
    FakeStage end = new FakeStage("end", List.of("c", "extra"));
    FakeStage shortEnd = new FakeStage("end", List.of("c"));
    extra.enabledBy = "wanted";
    StageGraph before = new StageGraph(List.of(study.a, study.b, study.c, shortEnd));
    StageGraph now = new StageGraph(List.of(study.a, study.b, study.c, extra, end));
    Planner planner = new Planner(now, study.workspace);

    Plan without = planner.plan(Study.config(), Selection.all());
    Plan with = planner.plan(Study.config("name=wanted"), Selection.all());

    assertThat(without.all().keySet()).containsExactlyInAnyOrder("a", "b", "c", "end");
    assertThat(without.all().get("end").fingerprint())
        .isEqualTo(
            new Planner(before, study.workspace)
                .plan(Study.config(), Selection.all())
                .all()
                .get("end")
                .fingerprint());
    assertThat(with.all().keySet()).containsExactlyInAnyOrder("a", "b", "c", "extra", "end");
    assertThat(with.all().get("end").inputs().upstream()).containsOnlyKeys("c", "extra");
    study.runner().run(Study.config(), without);
    assertThat(extra.runs).isZero();
    assertThat(end.runs).isOne();
    assertThatThrownBy(() -> planner.plan(Study.config(), Study.only("extra")))
        .hasMessage(
            "Cannot select stage extra: expected one that the configuration asks for, got none;"
                + " set wanted");
  }

  @Test
  void unknownStagesAndEmptyCutsAreRefused() {
    assertThatThrownBy(() -> study.plan(Study.only("x")))
        .hasMessage("Cannot select stage x: expected one of a, b, c, d; did you mean a or b or c?");
    assertThatThrownBy(() -> study.plan(Study.between("c", "d")))
        .hasMessage("Cannot select stages: d does not read c, so none lies between");
    assertThatThrownBy(
            () ->
                new Selection(
                    java.util.Optional.of("a"),
                    java.util.Optional.of("b"),
                    java.util.Optional.empty(),
                    false,
                    java.util.Set.of()))
        .hasMessage("Cannot select stages: expected --only or --from and --to, got both");
  }

  @Test
  void aGraphOutOfOrderIsRefused() {
    assertThatThrownBy(() -> new StageGraph(List.of(study.b, study.a)))
        .hasMessage(
            "Cannot order stages: expected those upstream of b before it, got [a] after []");
    assertThatThrownBy(() -> new StageGraph(List.of(study.a, study.a)))
        .hasMessage("Cannot have two stages named a");
  }
}
