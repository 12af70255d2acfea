package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.result.SomeReport;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.run.GraphRunner;
import simsiam.pipelines.stage.run.StageFailedException;

/** Runs of one workspace at the same time, or of which another died. */
class ConcurrentRunsTest {
  @TempDir private Path folder;
  private Study study;

  @BeforeEach
  void study() {
    study = new Study(folder);
  }

  /** Runs the stages in another thread, as another process would, and holds it within stage b. */
  private final class OtherRun implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Study own = new Study(folder);
    private final Future<?> end;

    OtherRun(StageReport result) throws Exception {
      own.b.body =
          context -> {
            Files.writeString(context.output().resolve("data.txt"), "seed 0");
            begun.countDown();
            goOn.await();
            if (result == null) {
              throw new IllegalStateException("no luck");
            }
            return result;
          };
      end =
          thread.submit(
              () -> {
                own.run(Selection.all());
                return null;
              });
      begun.await();
    }

    void end() throws Exception {
      goOn.countDown();
      end.get(1, TimeUnit.MINUTES);
    }

    @Override
    public void close() {
      thread.shutdownNow();
    }
  }

  private void runOnceTheOtherEnds(OtherRun other, Plan plan) throws Exception {
    study.console.onNote =
        line -> {
          if (line.startsWith("waiting")) {
            other.goOn.countDown();
          }
        };
    study.runner().run(Study.config(), plan);
  }

  @Test
  void aStageThatAnotherRunMakesIsWaitedForAndTaken() throws Exception {
    Plan plan = study.plan(Selection.all());
    try (OtherRun other = new OtherRun(SomeReport.of("made there"))) {
      runOnceTheOtherEnds(other, plan);
      other.end();
      assertThat(study.console.lines)
          .anyMatch(
              line ->
                  line.matches(
                      "waiting for stage b, which process "
                          + ProcessHandle.current().pid()
                          + " on \\S+, since \\S+ is making"))
          .contains("cached b");
      for (int stage = 0; stage < 4; stage++) {
        assertThat(study.runs().get(stage) + other.own.runs().get(stage)).isOne();
      }
    }
  }

  @Test
  void aStageThatFailsInAnotherRunIsTakenOver() throws Exception {
    Plan plan = study.plan(Selection.all());
    try (OtherRun other = new OtherRun(null)) {
      runOnceTheOtherEnds(other, plan);
      assertThatThrownBy(other::end).hasRootCauseMessage("no luck");
      assertThat(study.runs()).containsExactly(0, 1, 1, 1);
    }
  }

  @Test
  void aWaitingRunThatIsInterruptedBeginsNothing() throws Exception {
    Plan plan = study.plan(Selection.all());
    GraphRunner runner = study.runner();
    try (OtherRun other = new OtherRun(null)) {
      study.console.onNote =
          line -> {
            assertThat(runner.interrupt(Deadline.ofSignal())).as("stage at work").isEmpty();
            other.goOn.countDown();
          };
      assertThatThrownBy(() -> runner.run(Study.config(), plan))
          .isInstanceOf(StageFailedException.class)
          .hasRootCauseInstanceOf(InterruptedException.class);
    }
    assertThat(study.runs()).containsExactly(0, 0, 0, 0);
  }

  @Test
  void aStageOfADeadProcessIsTakenOverWithAWord() throws Exception {
    PlannedStage b = study.plan(Selection.all()).all().get("b");
    Path locks = Files.createDirectories(folder.resolve("locks"));
    String dead = "process 1 on elsewhere, since 2026-01-02T03:04:05Z";
    Files.writeString(
        locks.resolve("b-" + Fingerprint.shortened(b.fingerprint()) + ".lock.holder"), dead);

    study.run();

    assertThat(study.console.lines).contains("taking over stage b of " + dead + ", now gone");
  }

  @Test
  void anOutputMadeByAnotherProcessOfOtherInputIsNotTaken() throws Exception {
    Plan plan = study.plan(Selection.all());
    study.run();
    study.a.body =
        context -> {
          Files.writeString(context.output().resolve("data.txt"), "other bytes");
          return SomeReport.of("");
        };
    study.run(new Selection(Optional.of("a"), Optional.empty(), Optional.empty(), true, Set.of()));

    study.runner().run(Study.config(), plan);

    assertThat(study.runs()).containsExactly(2, 2, 1, 1);
  }

  @Test
  void anOutputMadeByAnotherProcessSinceThePlanIsTaken() throws Exception {
    Plan plan = study.plan(Selection.all());
    study.run();

    study.runner().run(Study.config(), plan);

    assertThat(study.runs()).containsExactly(1, 1, 1, 1);
  }
}
