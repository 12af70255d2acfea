package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;
import simsiam.mlflow.spool.StaleRuns;

/** Removing from a workspace while others work in it, and being killed at it. */
class PruneTest {
  private static final String WORKSPACE = "runs";

  @TempDir private Path folder;

  private SimsiamProcess prune(String... arguments) throws IOException {
    Stream<String> first = Stream.of("prune", "--workspace", folder.resolve(WORKSPACE).toString());
    return SimsiamProcess.start(
        folder, Stream.concat(first, Stream.of(arguments)).toArray(String[]::new));
  }

  private List<Path> in(String place) throws IOException {
    Path parent = folder.resolve(WORKSPACE).resolve(place);
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(parent)) {
      return files.toList();
    }
  }

  /** Notes that a server has all of it. */
  private void send() throws IOException {
    Spool spool = new Spool(folder.resolve(WORKSPACE).resolve("tracking"));
    StaleRuns.close(spool);
    for (RunFolder run : spool.runs()) {
      Files.createDirectories(run.path().resolve("server-x"));
      for (Delivery.Lane lane : Delivery.Lane.values()) {
        run.delivery("x").delivered(lane, Files.size(run.journal()));
      }
    }
  }

  @Test
  void aTrainingAtWorkAndThenKilledStaysUntilItIsNamed() throws Exception {
    TinyStudy study = TinyStudy.in(folder);
    String[] options = {"train.epochs=4000"};
    try (SimsiamProcess run = study.start("run", WORKSPACE, options)) {
      run.await(
          () ->
              study.unfinished(WORKSPACE, "pretrain").stream()
                  .anyMatch(file -> file.startsWith("checkpoints/step-")));

      SimsiamProcess prune = prune("--older-than", "0h", "--yes");

      assertThat(prune.exitCode()).as(prune.output()).isZero();
      assertThat(prune.output())
          .containsPattern("stays: +run +\\S+-tiny +at work")
          .contains("Nothing to remove in ");
      run.kill();
    }
    SimsiamProcess tidy = prune("--yes");
    assertThat(tidy.exitCode()).as(tidy.output()).isZero();
    assertThat(tidy.output()).contains("Nothing to remove in ");
    SimsiamProcess plan = study.start("plan", WORKSPACE, options);
    assertThat(plan.exitCode()).isZero();
    assertThat(plan.output())
        .containsPattern("shard +cached")
        .contains("did not finish last time; continues");

    SimsiamProcess unsent = prune("--name", "tiny", "--yes");
    assertThat(unsent.exitCode()).as(unsent.output()).isZero();
    assertThat(unsent.output())
        .containsPattern("stays: +run +\\S+-tiny +not sent to MLflow yet")
        .contains("send it with: ./simsiam sync --workspace " + folder.resolve(WORKSPACE))
        .contains("Nothing to remove in ");

    send();
    SimsiamProcess named = prune("--name", "tiny", "--yes");

    assertThat(named.exitCode()).as(named.output()).isZero();
    assertThat(named.output()).contains("unfinished pretrain ", "output of shard ");
    assertThat(in("stages/pretrain")).isEmpty();
    assertThat(in("invocations")).isEmpty();
  }

  @Test
  void killedAmidARemovalItLeavesAWorkspaceThatWorks() throws Exception {
    TinyStudy study = TinyStudy.in(folder);
    String[] options = {"--to", "shard"};
    assertThat(study.start("run", WORKSPACE, options).exitCode()).isZero();
    send();
    Path shard = in("stages/shard").get(0);
    for (int i = 0; i < 20_000; i++) { // which take a while to delete
      Files.createFile(shard.resolve("more-" + i));
    }
    try (SimsiamProcess prune = prune("--name", "tiny", "--yes")) {
      prune.await(() -> !in("pruned").isEmpty() && in("stages/shard").isEmpty());
      prune.kill();
    }
    assertThat(in("pruned")).isNotEmpty();

    SimsiamProcess run = study.start("run", WORKSPACE, options);
    assertThat(run.exitCode()).as(run.output()).isZero();
    SimsiamProcess next = prune("--yes");
    assertThat(next.exitCode()).as(next.output()).isZero();

    assertThat(next.output()).contains("removed before ");
    assertThat(folder.resolve(WORKSPACE).resolve("pruned")).doesNotExist();
    SimsiamProcess again = study.start("run", WORKSPACE, options);
    assertThat(again.exitCode()).isZero();
    assertThat(again.output())
        .containsPattern("preprocess +cached")
        .containsPattern("shard +cached");
  }
}
