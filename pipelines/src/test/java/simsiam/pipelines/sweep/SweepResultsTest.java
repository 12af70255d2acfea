package simsiam.pipelines.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.Stages;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.result.SomeReport;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.plan.Planning;
import simsiam.pipelines.sweep.grid.Point;
import simsiam.pipelines.sweep.grid.Sweep;
import simsiam.pipelines.sweep.grid.SweepArguments;

/** Tables of a sweep, and its plan: what is shared, what is expected to take how long. */
class SweepResultsTest {
  @TempDir private Path folder;
  private FakeStudy study;

  @BeforeEach
  void makeStudy() {
    study = new FakeStudy(folder);
  }

  @Test
  void groupsAreMeansAndSampleDeviationsOverSeeds() throws Exception {
    double[] figures = {52, 54, 59};
    study.knn = context -> SomeReport.of("", "knn_top1", figures[(int) context.config().seed()]);
    study.pretrain = context -> SomeReport.of("", "collapsed", context.config().seed() == 1);
    study.run("seed=0..2", "knn.k=10,20");

    SweepResults results = study.results(study.sweep("seed=0..2", "knn.k=10,20"));

    assertThat(results.groups())
        .extracting(SweepResults.Group::labels)
        .containsExactly(Map.of("knn.k", "10"), Map.of("knn.k", "20"));
    SweepResults.Statistic knn = results.groups().get(0).measures().get("knn_top1");
    assertThat(knn.mean()).isEqualTo(55);
    assertThat(knn.std().getAsDouble()).isCloseTo(Math.sqrt(13), within(1e-12)); // (9+1+16)/2
    assertThat(knn.n()).isEqualTo(3);
    assertThat(results.groups().get(0).collapsed()).isEqualTo(1);
    assertThat(results.count(SweepResults.State.COLLAPSED)).isEqualTo(2);
    assertThat(results.count(SweepResults.State.DONE)).isEqualTo(4);
  }

  @Test
  void sweepJsonHasPointsAndGroups() throws Exception {
    study.run("seed=1,2");
    Sweep sweep = study.sweep("seed=1..3");

    Path file = study.results(sweep).write(study.workspace);

    assertThat(file).isEqualTo(folder.resolve("sweeps/grid-quickstart/sweep.json"));
    Map<?, ?> json = Json.parse(Files.readString(file));
    assertThat(json.get("axes")).isEqualTo(Map.of("seed", List.of("1", "2", "3")));
    List<?> points = (List<?>) json.get("points");
    assertThat(points.stream().map(point -> String.valueOf(((Map<?, ?>) point).get("state"))))
        .containsExactly("done", "done", "queued");
    assertThat(((Map<?, ?>) points.get(1)).get("id")).isEqualTo(sweep.points().get(1).id());
    assertThat(((Map<?, ?>) points.get(1)).get("overrides")).isEqualTo(Map.of("seed", 2));
    assertThat(((Map<?, ?>) points.get(1)).get("measures"))
        .hasToString("{collapsed=false, knn_top1=52.0}");
    Map<?, ?> group = (Map<?, ?>) ((List<?>) json.get("groups")).get(0);
    assertThat(group.get("points")).isEqualTo(3);
    assertThat(((Map<?, ?>) group.get("measures")).get("knn_top1"))
        .hasToString("{mean=51.5, n=2, std=0.7071067811865476}");
  }

  @Test
  void thePapersFiguresAreFoundByTheValueAsWritten() throws Exception {
    Sweep sweep =
        new SweepArguments(
                Optional.of(FakeStudy.CONF.resolve("ablations/output-dim.yaml")),
                Optional.of(FakeStudy.CONF.resolve("quickstart.yaml")),
                List.of("seed=1"))
            .expand(Optional.of(FakeStudy.CONF));

    SweepResults results = study.results(sweep);

    assertThat(results.groups())
        .extracting(
            group ->
                group.labels().get("projector.dim")
                    + " "
                    + group.paper().orElseThrow().values().get("linear_top1")
                    + (results.baseline(group) ? " baseline" : ""))
        .containsExactly("32 65.3", "64 67.2", "128 67.5", "256 68.1 baseline");
  }

  @Test
  void aPlanSharesOutputsAndExpectsWhatLikeOnesTook() throws Exception {
    study.pretrain =
        context -> {
          Thread.sleep(200);
          return SomeReport.of("");
        };
    study.run("train.epochs=2", "seed=1");
    Sweep sweep = study.sweep("train.epochs=2", "seed=2..3", "knn.k=10,20");
    SweepPlan plan = study.plan(sweep);

    assertThat(plan.toRun().keySet())
        .extracting(PlannedPoint.Node::stage)
        .containsExactly("pretrain", "knn", "knn", "pretrain", "knn", "knn");
    Estimates estimates = new Estimates(study.graph, study.workspace);
    PlannedStage pretrain = plan.points().get(0).plan().all().get("pretrain");
    double same = estimates.seconds(pretrain).orElseThrow();
    assertThat(same).isBetween(0.2, 5.0);
    SweepPlan longer = study.plan(study.sweep("train.epochs=20", "seed=2"));
    assertThat(estimates.seconds(longer.points().get(0).plan().all().get("pretrain")).orElseThrow())
        .isCloseTo(10 * same, within(1e-9));
    SweepPlan other = study.plan(study.sweep("dataset.limit=1000", "seed=2"));
    assertThat(estimates.seconds(other.points().get(0).plan().all().get("pretrain"))).isEmpty();
  }

  @Test
  void moreEpochsBeginAnewAndItIsSaidWhy() throws Exception {
    study.run("train.epochs=2", "seed=1,2");

    assertThat(
            study.plan(study.sweep("train.epochs=4", "seed=1..3")).longerTrainings(study.workspace))
        .containsExactly(
            "train.epochs 2 -> 4 at 2 point(s): training begins anew, as the schedule of the"
                + " learning rate depends on the number of epochs; what is there stays");
    assertThat(
            study.plan(study.sweep("train.epochs=2", "seed=1..3")).longerTrainings(study.workspace))
        .isEmpty();
  }

  @Test
  void batchesThatLeaveTooFewStepsAreLeftOut() throws Exception {
    Sweep sweep =
        new SweepArguments(
                Optional.of(FakeStudy.CONF.resolve("ablations/batch-size.yaml")),
                Optional.of(FakeStudy.CONF.resolve("quickstart.yaml")),
                List.of())
            .expand(Optional.of(FakeStudy.CONF));

    SweepPlan plan = study.plan(sweep);

    assertThat(plan.points()).hasSize(6);
    assertThat(plan.leftOut())
        .extracting(Point.LeftOut::text, Point.LeftOut::reason)
        .extracting(Object::toString)
        .containsExactly(
            "(\"train.batch_size=4096\", \"Cannot train on batches of 4096: expected at least 2 steps"
                + " an epoch, got 1 of 5000 images\")");
  }

  @Test
  void aBaseThatCannotBeRunAtAllIsAnError() {
    assertThatThrownBy(
            () ->
                SweepPlan.of(
                    study.sweep("dataset.path=/nowhere", "seed=1,2"),
                    new StageGraph(Stages.all()),
                    study.workspace,
                    Planning.here()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Cannot set dataset.path: expected")
        .hasMessageContaining("got /nowhere (command line: dataset.path=/nowhere)");
  }
}
