package simsiam.pipelines.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** A Spark cluster of separate processes that gets the job jar. */
@Tag("spark")
class SparkClusterTest {
  @TempDir private Path folder;

  @Test
  void writesTheBytesOfTheDirectRunnerThoughExecutorsOfEachPipelineAreKilled() throws Exception {
    Study study = new Study(folder.resolve("images"), 2_000);
    Map<String, String> expected = study.expected(folder.resolve("direct"));
    Path output = folder.resolve("spark");
    Path examples = Files.createDirectories(output.resolve("examples"));
    Path shards = Files.createDirectories(output.resolve("shards"));
    try (SparkSettings settings = new SparkSettings();
        SparkCluster cluster = new SparkCluster(folder.resolve("cluster"))) {
      settings.set();
      RunnerOptions runner =
          new RunnerOptions(Runner.SPARK, List.of("--sparkMaster=" + cluster.address()));

      losingExecutors(
          cluster, () -> study.preprocess(examples, runner), () -> Study.begun(examples));
      losingExecutors(
          cluster, () -> study.shard(examples, shards, runner), () -> Study.sorting(shards));
    }
    assertThat(Study.files(output)).isEqualTo(expected);
  }

  @Test
  void aCancelledJobLosesItsExecutorsAndWritesNoMore() throws Exception {
    Study study = new Study(folder.resolve("images"), 2_000);
    try (SparkSettings settings = new SparkSettings();
        SparkCluster cluster = new SparkCluster(folder.resolve("cluster"))) {
      settings.set();
      RunnerOptions runner =
          new RunnerOptions(Runner.SPARK, List.of("--sparkMaster=" + cluster.address()));

      CancelledPipeline.of(study, folder.resolve("out"), runner, cluster.worker());

      assertThat(cluster.worker().children()).as("executors").isEmpty();
    }
  }

  /** Runs a pipeline whose executors are killed at a moment; the worker starts others. */
  private static void losingExecutors(
      SparkCluster cluster, Runnable pipeline, ClusterProcess.Moment moment) throws Exception {
    CompletableFuture<Void> running = CompletableFuture.runAsync(pipeline);
    cluster.worker().await(() -> moment.reached() || running.isDone());
    List<ProcessHandle> executors = cluster.worker().children();
    assertThat(executors).as("executors at work").isNotEmpty();
    executors.forEach(ProcessHandle::destroyForcibly);
    assertThat(running).as("pipeline whose executors were killed").isNotDone();
    running.join();
  }
}
