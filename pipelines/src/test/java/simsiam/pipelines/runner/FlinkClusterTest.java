package simsiam.pipelines.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** A Flink cluster of separate processes that gets the job jar. */
@Tag("flink")
class FlinkClusterTest {
  @TempDir private static Path machines;
  private static FlinkCluster cluster;
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    cluster = new FlinkCluster(machines, 2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void writesTheBytesOfTheDirectRunnerThoughAWorkerOfEachPipelineIsKilled() throws Exception {
    Study study = new Study(folder.resolve("images"), 2_000);
    Map<String, String> expected = study.expected(folder.resolve("direct"));
    Path output = folder.resolve("flink");
    Path examples = Files.createDirectories(output.resolve("examples"));
    Path shards = Files.createDirectories(output.resolve("shards"));
    int jobs = cluster.failures().size();

    CompletableFuture<Void> preprocess =
        CompletableFuture.runAsync(() -> study.preprocess(examples, runner()));
    cluster.worker(1).await(() -> Study.begun(examples) || preprocess.isDone());
    cluster.worker(1).kill();
    preprocess.join();
    assertThat(cluster.workers()).isEqualTo(1);
    cluster.replace(1);

    CompletableFuture<Void> shard =
        CompletableFuture.runAsync(() -> study.shard(examples, shards, runner()));
    cluster.worker(0).await(() -> Study.sorting(shards) || shard.isDone());
    cluster.worker(0).kill();
    shard.join();
    assertThat(cluster.workers()).isEqualTo(1);
    cluster.replace(0);

    assertThat(cluster.failures()).as("failures of both jobs").hasSize(jobs + 2).doesNotContain(0);
    assertThat(Study.files(output)).isEqualTo(expected);
  }

  @Test
  void hashesAsThisMachineDoesThoughAWorkerIsKilled() throws Exception {
    HashedSet set = new HashedSet(folder.resolve("set"), 200);
    long failed = failedJobs();

    CompletableFuture<Void> hashing =
        CompletableFuture.runAsync(() -> set.hash(folder, BeamOptions.parse(runner())));
    cluster.worker(1).await(() -> HashedSet.begun(folder) || hashing.isDone());
    cluster.worker(1).kill();
    hashing.join();
    cluster.replace(1);

    assertThat(failedJobs()).as("jobs that lost a worker").isEqualTo(failed + 1);
    assertThat(set.unread(folder).isEmpty()).isTrue();
    assertThat(set.known(folder)).isEqualTo(set.here());
  }

  @Test
  void aWorkersErrorIsTheFirstThingSaid() throws Exception {
    Study study = new Study(folder.resolve("images"), 10);
    Path output = Files.createDirectory(folder.resolve("output"));
    Files.createDirectories(output.resolve("examples-00000-of-00001.parquet/in the way"));

    assertThatThrownBy(() -> study.preprocess(output, runner()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot write %s: ".formatted(output.resolve("examples-00000-of-00001.parquet")));
  }

  @Test
  void aCancelledJobIsCancelledOnTheClusterAndWritesNoMore() throws Exception {
    Study study = new Study(folder.resolve("images"), 2_000);

    String job = CancelledPipeline.of(study, folder.resolve("out"), runner(), cluster.worker(0));

    assertThat(cluster.state(job)).isEqualTo("CANCELED");
  }

  private static long failedJobs() throws IOException {
    return cluster.failures().stream().filter(failures -> failures > 0).count();
  }

  private static RunnerOptions runner() {
    return new RunnerOptions(
        Runner.FLINK, List.of("--flinkMaster=" + cluster.address(), "--parallelism=2"));
  }
}
