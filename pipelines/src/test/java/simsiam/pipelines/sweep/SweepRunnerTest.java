package simsiam.pipelines.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.result.SomeReport;

/** What children are put to work on, and what is left of those that fail. */
class SweepRunnerTest {
  @TempDir private Path folder;
  private FakeStudy study;

  @BeforeEach
  void makeStudy() {
    study = new FakeStudy(folder);
  }

  @Test
  void eachOutputIsMadeOnceWhilePointsGoOnTogether() throws Exception {
    // Each training waits for another one beside it: one after the other they would never end.
    CyclicBarrier two = new CyclicBarrier(2);
    study.pretrain =
        context -> {
          two.await(30, TimeUnit.SECONDS);
          return SomeReport.of("");
        };

    study.runner(study.sweep("seed=1..4"), new SweepRunner.Settings(2, false, false)).run();

    assertThat(study.made).containsOnlyOnce("data").filteredOn("pretrain"::equals).hasSize(4);
    assertThat(study.told).filteredOn(line -> line.startsWith("finished")).hasSize(4);
    assertThat(study.told).noneMatch(line -> line.startsWith("failed"));
  }

  @Test
  void pointsThatShareATrainingHaveItMadeOnce() throws Exception {
    study.runner(study.sweep("knn.k=10,20,30,40"), new SweepRunner.Settings(4, false, false)).run();

    assertThat(study.made).containsOnlyOnce("data", "pretrain");
    assertThat(study.made).filteredOn("knn"::equals).hasSize(4);
  }

  @Test
  void aFailureLetsTheOthersGoOnAndIsNotRepeatedUnlessAsked() throws Exception {
    study.pretrain =
        context -> {
          if (context.config().seed() == 2) {
            throw new IllegalStateException("Cannot train: expected 1, got 2");
          }
          return SomeReport.of("");
        };

    study.run("seed=1..3");

    assertThat(study.told)
        .containsExactly(
            "started seed=1",
            "finished seed=1",
            "started seed=2",
            "failed seed=2: Cannot train: expected 1, got 2",
            "started seed=3",
            "finished seed=3");
    assertThat(study.due(false, "seed=1..3")).isEmpty();
    assertThat(study.due(true, "seed=1..3")).containsExactly("seed=2");
    assertThat(study.due(false, "seed=1..4")).containsExactly("seed=4");
    // What cannot change a result can make the difference between a failure and none.
    assertThat(study.due(false, "seed=1..3", "train.loader_threads=1")).containsExactly("seed=2");
    assertThat(study.results(study.sweep("seed=1..3")).points())
        .extracting(SweepResults.Row::state)
        .containsExactly(
            SweepResults.State.DONE, SweepResults.State.FAILED, SweepResults.State.DONE);
  }

  @Test
  void theCauseIsThatOfTheLastAttempt() throws Exception {
    study.pretrain =
        context -> {
          throw new IllegalStateException("first");
        };
    study.run("seed=1,2");
    study.pretrain =
        context -> {
          throw new IllegalStateException("second");
        };
    study.told.clear();

    study.runner(study.sweep("seed=1,2"), new SweepRunner.Settings(1, false, true)).run();

    assertThat(study.told).contains("failed seed=1: second", "failed seed=2: second");
  }

  @Test
  void whatWasKilledIsDueAgain() throws Exception {
    study.fate = point -> point.point().config().config().seed() == 1 ? 137 : 0;

    study.run("seed=1,2");

    assertThat(study.told).contains("failed seed=1: ended by signal 9", "finished seed=2");
    assertThat(study.due(false, "seed=1,2")).containsExactly("seed=1");
    study.fate = point -> 0;
    study.run("seed=1,2");
    assertThat(study.due(true, "seed=1,2")).isEmpty();
    assertThat(study.results(study.sweep("seed=1,2")).points())
        .allMatch(row -> row.failure().isEmpty());
  }

  @Test
  void whatIsLostWithItsMachineGoesOnFirst() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    study.fate =
        point ->
            point.point().config().config().seed() == 1 && attempts.incrementAndGet() < 3
                ? FakeStudy.LOST
                : 0;

    study.run("seed=1,2");

    assertThat(study.told)
        .containsExactly(
            "started seed=1",
            "lost seed=1",
            "started seed=1",
            "lost seed=1",
            "started seed=1",
            "finished seed=1",
            "started seed=2",
            "finished seed=2");
    assertThat(study.made).containsOnlyOnce("data").filteredOn("pretrain"::equals).hasSize(2);
  }

  @Test
  void aPointThatLosesEachOfItsMachinesFailsAndIsDueAgain() throws Exception {
    study.fate = point -> point.point().config().config().seed() == 1 ? FakeStudy.LOST : 0;

    study.run("seed=1,2");

    String cause =
        "Cannot run the point: expected a machine that stays, got 10 lost, the last elsewhere";
    assertThat(study.told).filteredOn("started seed=1"::equals).hasSize(10);
    assertThat(study.told).filteredOn("lost seed=1"::equals).hasSize(9);
    assertThat(study.told).endsWith("failed seed=1: " + cause, "started seed=2", "finished seed=2");
    assertThat(study.results(study.sweep("seed=1,2")).points().get(0).failure().orElseThrow())
        .extracting(PointFolder.Failure::exit, PointFolder.Failure::cause)
        .containsExactly(137, cause);
    assertThat(study.due(false, "seed=1,2")).containsExactly("seed=1");
  }

  @Test
  void nobodyIsStartedWhereThereIsNoMachine() throws Exception {
    study.machines = 1;

    study.runner(study.sweep("seed=1..3"), new SweepRunner.Settings(99, false, false)).run();

    assertThat(study.told)
        .containsExactly(
            "started seed=1",
            "finished seed=1",
            "started seed=2",
            "finished seed=2",
            "started seed=3",
            "finished seed=3");

    study.machines = -1;
    SweepRunner runner =
        study.runner(study.sweep("seed=4"), new SweepRunner.Settings(99, false, false));
    assertThatThrownBy(runner::run)
        .isInstanceOf(Child.NoMachineException.class)
        .hasMessage("none is left");
  }

  @Test
  void failFastStopsTheOthers() throws Exception {
    study.run("seed=9"); // makes the data, for which the second point would wait
    study.told.clear();
    CountDownLatch began = new CountDownLatch(1);
    study.fate =
        point -> {
          if (point.point().config().config().seed() == 2) {
            began.await();
            return 3;
          }
          began.countDown();
          new CountDownLatch(1).await();
          return 0;
        };

    study.runner(study.sweep("seed=1..4"), new SweepRunner.Settings(2, true, false)).run();

    assertThat(study.told)
        .containsExactly(
            "started seed=1", "started seed=2", "failed seed=2: ended with exit code 3");
    assertThat(study.due(false, "seed=1..4")).containsExactly("seed=1", "seed=3", "seed=4");
  }

  @Test
  void anInterruptionEndsTheChildrenAndLeavesThemDue() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    study.pretrain =
        context -> {
          began.countDown();
          new CountDownLatch(1).await();
          return SomeReport.of("");
        };
    SweepRunner runner =
        study.runner(study.sweep("seed=1..2"), new SweepRunner.Settings(1, false, false));
    Thread main = Thread.currentThread();
    Thread signal =
        new Thread(
            () -> {
              try {
                began.await();
                main.interrupt();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    signal.start();

    assertThatThrownBy(runner::run).isInstanceOf(InterruptedException.class);

    assertThat(study.told).containsExactly("started seed=1");
    assertThat(study.due(false, "seed=1..2")).containsExactly("seed=1", "seed=2");
  }

  @Test
  void aNewValueRunsTheNewPointsAlone() throws Exception {
    study.run("seed=1,2");
    study.made.clear();

    study.run("seed=1..3", "knn.k=base,base/2", "tracking.mode=offline");

    assertThat(study.made).containsExactlyInAnyOrder("pretrain", "knn", "knn", "knn", "knn");
  }
}
