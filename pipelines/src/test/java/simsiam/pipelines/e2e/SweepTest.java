package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.stage.Json;

/** A sweep of real runs, of which one fails, one collapses and one is interrupted in every way. */
class SweepTest {
  private static final String SWEEP =
      """
      sweep: four
      base: tiny.yaml
      overrides:
        dataset.limit: 64
        train.knn_every_epochs: 4
        linear.epochs: 1
        workspace: %s
      axes:
        what:
          good: {train.epochs: 1}
          fails: {train.base_lr: 1e30, train.epochs: 2}
          collapses:
            predictor.kind: none
            objective.stop_gradient: false
            train.base_lr: 5
            train.epochs: 12
          long: {train.epochs: 30}
      measures: [knn_top1, final_output_std, collapsed]
      """;

  @TempDir private Path folder;
  private Path workspace;

  private SimsiamProcess start(String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("ablate", folder.resolve("four.yaml").toString()));
    words.addAll(List.of(more));
    return SimsiamProcess.start(folder, words.toArray(String[]::new));
  }

  private void write() throws IOException {
    TinyStudy.in(folder);
    workspace = folder.resolve("runs");
    Files.writeString(folder.resolve("four.yaml"), SWEEP.formatted(workspace));
  }

  private String run(int exit, String... more) throws Exception {
    try (SimsiamProcess ablate = start(more)) {
      assertThat(ablate.exitCode()).as(ablate.output()).isEqualTo(exit);
      return ablate.output();
    }
  }

  private static List<String> begun(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith("begins"))
        .map(line -> line.replaceAll("begins +", ""))
        .toList();
  }

  /** The newest checkpoint of a training that goes on. */
  private Optional<String> checkpoint() throws IOException {
    Path stages = workspace.resolve("stages").resolve("pretrain");
    return new Listing(stages)
        .files().stream()
            .filter(file -> file.matches(".*\\.partial/checkpoints/step-\\d+/state.json"))
            .max(String::compareTo);
  }

  /** Waits until the training of the long point has a checkpoint that it did not have. */
  private SimsiamProcess awaitTraining(SimsiamProcess ablate) throws Exception {
    ablate.await(() -> ablate.output().contains("begins    what=long"));
    Optional<String> before = checkpoint();
    return ablate.await(() -> checkpoint().isPresent() && !checkpoint().equals(before));
  }

  private Map<?, ?> sweepJson() throws IOException {
    return Json.parse(
        Files.readString(workspace.resolve("sweeps").resolve("four-tiny").resolve("sweep.json")));
  }

  private List<String> states() throws IOException {
    return ((List<?>) sweepJson().get("points"))
        .stream().map(point -> String.valueOf(((Map<?, ?>) point).get("state"))).toList();
  }

  @Test
  void goesOnWhateverEndsIt() throws Exception {
    write();
    try (SimsiamProcess first = start()) {
      awaitTraining(first);
      List<ProcessHandle> children =
          ProcessHandle.of(first.pid()).orElseThrow().children().toList();
      assertThat(children).hasSize(1);
      first.kill();
      // Nobody tells the child; it sees that its parent is gone, saves and ends.
      children.get(0).onExit().get(60, TimeUnit.SECONDS);
      assertThat(begun(first.output()))
          .containsExactly("what=good", "what=fails", "what=collapses", "what=long");
      assertThat(first.output())
          .containsPattern("failed +what=fails .*Cannot go on training: expected a finite loss")
          .contains("overrides: {dataset.limit=64, linear.epochs=1, train.base_lr=1000")
          .containsPattern("log: .*/points/\\w+/log.txt\n")
          .containsPattern("alone: ./simsiam run .*/points/\\w+/config.yaml\n")
          .containsPattern("collapsed +what=collapses ");
    }
    assertThat(run(4, "--table")).contains("1 points are still to be run");
    assertThat(states()).containsExactly("done", "failed", "collapsed", "queued");

    try (SimsiamProcess second = start()) {
      awaitTraining(second).terminate();
      assertThat(second.exitCode()).as(second.output()).isEqualTo(130);
      assertThat(begun(second.output())).containsExactly("what=long");
      assertThat(second.output()).contains("interrupted; continue with: ./simsiam ablate ");
    }
    Path log = log("long");
    assertThat(Files.readString(log)).contains("interrupted in pretrain");

    String third = run(4);
    assertThat(begun(third)).containsExactly("what=long");
    assertThat(Files.readString(log)).containsPattern("Continuing after epoch \\d+, step");
    assertThat(third).contains("failed: what=fails: ").contains("ablate --retry failed ");
    assertThat(states()).containsExactly("done", "failed", "collapsed", "done");
    assertThat(Files.readString(log.resolveSibling("progress.jsonl")))
        .contains("\"stage\":\"pretrain\"", "\"loss\":-", "\"output_std\":", "\"knn_top1\":");

    assertThat(begun(run(4))).isEmpty();
    assertThat(begun(run(4, "--retry", "failed"))).containsExactly("what=fails");
  }

  /** The one before may have lost what started it, and still be saving what it has. */
  @Test
  void aChildWaitsForTheEndOfTheOneBefore() throws Exception {
    TinyStudy study = TinyStudy.in(folder);
    Path file = folder.resolve("child.lock");
    ProcessLock before = ProcessLock.tryAcquire(file).orElseThrow();
    try (SimsiamProcess child =
        SimsiamProcess.start(
            folder,
            SimsiamProcess.command(
                List.of("-Dsimsiam.point=" + file),
                study.arguments("run", "runs", "--to", "preprocess")))) {
      child.await(
          () ->
              child
                  .output()
                  .contains(
                      "note  waiting for the end of process " + ProcessHandle.current().pid()));
      assertThat(folder.resolve("runs")).doesNotExist();
      before.close();

      assertThat(child.exitCode()).as(child.output()).isZero();
      assertThat(study.committed("runs", "preprocess")).isTrue();
    }
  }

  private Path log(String what) throws IOException {
    Object id =
        ((List<?>) sweepJson().get("points"))
            .stream()
                .map(point -> (Map<?, ?>) point)
                .filter(point -> point.get("labels").toString().contains("what=" + what))
                .findFirst()
                .orElseThrow()
                .get("id");
    return workspace.resolve("sweeps/four-tiny/points/" + id + "/log.txt");
  }

  @Test
  void onlyWhatIsNewRunsAndAPointRunsAlone() throws Exception {
    write();
    assertThat(begun(run(0, "what=good"))).containsExactly("what=good");

    String more = run(0, "what=good", "seed=1,2,3", "train.loader_threads=1", "-j", "2");

    assertThat(begun(more)).containsExactlyInAnyOrder("what=good seed=2", "what=good seed=3");
    Map<?, ?> group = (Map<?, ?>) ((List<?>) sweepJson().get("groups")).get(0);
    assertThat(((Map<?, ?>) ((Map<?, ?>) group.get("measures")).get("knn_top1")).get("n"))
        .isEqualTo(3);
    assertThat(begun(run(0, "what=good", "seed=1..3", "tracking.experiment=other"))).isEmpty();
    try (SimsiamProcess plan =
        SimsiamProcess.start(
            folder, "plan", folder.resolve("four.yaml").toString(), "what=good", "seed=3,4")) {
      assertThat(plan.exitCode()).as(plan.output()).isZero();
      assertThat(plan.output())
          .contains(
              "sweep four-tiny on ", "2 points, of which 1 done, 0 collapsed, 0 failed, 1 to run")
          .containsPattern("what=good seed=4 +\\w{10} +queued +\\d+\\.\\d s +pretrain, features")
          .contains(
              "outputs to make, each once: pretrain 1, features 1, knn 1, probe 1, linear 1, report 1");
    }
    Path config = log("good").resolveSibling("config.yaml");
    try (SimsiamProcess alone = SimsiamProcess.start(folder, "run", config.toString())) {
      assertThat(alone.exitCode()).as(alone.output()).isZero();
      assertThat(alone.output()).doesNotContain("begins").contains("report      cached");
    }
  }

  @Test
  void aConfigurationIsNoSweepAndASweepNoConfiguration() throws Exception {
    write();
    try (SimsiamProcess run =
        SimsiamProcess.start(folder, "run", folder.resolve("four.yaml").toString())) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.output())
          .contains(
              "four.yaml as a configuration: it is a sweep. Run its points with: ./simsiam ablate");
    }
    try (SimsiamProcess ablate =
        SimsiamProcess.start(
            folder, "ablate", folder.resolve("tiny.yaml").toString(), "seed=1,2")) {
      assertThat(ablate.exitCode()).isEqualTo(2);
      assertThat(ablate.output())
          .contains("expected the file of a sweep, or --base CONFIG and axes");
    }
  }
}
