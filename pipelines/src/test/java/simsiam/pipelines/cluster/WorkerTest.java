package simsiam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.sweep.ChildProgram;
import simsiam.pipelines.sweep.ChildProgram.Task;

/** What a worker does with the orders of the launching process, and when that is gone. */
class WorkerTest {
  @TempDir private Path folder;
  private Path log;
  private ProcessLock launcher;
  private ClusterJob job;

  @BeforeEach
  void launch() throws IOException {
    log = folder.resolve("log.txt");
    Path shared = Files.createDirectory(folder.resolve("job"));
    launcher = ClusterJob.launch(shared);
    Path jar = Distributions.in(folder.resolve("dist"), "1.2", "a");
    job =
        new ClusterJob(
            SharedFolder.mark(shared),
            Distribution.at(jar.getParent()),
            new ChildProgram(
                List.of("-Xshare:auto"),
                List.of("-cp", System.getProperty("java.class.path"), Sleeper.class.getName()),
                Map.of("SAID", "by the environment")),
            2);
    Files.createDirectories(job.offers());
  }

  private CompletableFuture<Void> serve() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            Worker.serve(job);
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private RemoteChild offered() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline) {
      try (Stream<Path> offers = Files.list(job.offers())) {
        List<Path> found = offers.toList();
        if (!found.isEmpty()) {
          RemoteChild child = new RemoteChild(new OfferFolder(found.get(0)));
          child.refresh();
          if (child.waits()) {
            return child;
          }
        }
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("No offer");
  }

  private void run(RemoteChild child, String what) throws Exception {
    List<String> options = new ArrayList<>(List.of("-Dwhat=" + what));
    child.run(
        new Task("the.yaml", log.toString(), options, List.of()), folder.resolve("point.lock"), 1);
  }

  private void awaitLog(String text) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(log) || !Files.readString(log).contains(text)) {
      assertThat(System.nanoTime()).as("time of '%s' in the log", text).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void aPointsExitCodeIsAResult() throws Exception {
    CompletableFuture<Void> worker = serve();
    RemoteChild child = offered();
    assertThat(child.places()).isEqualTo(2);
    assertThat(child.machine()).isEqualTo(SharedFolder.worker());

    run(child, "3");

    assertThat(child.await(60_000)).isTrue();
    assertThat(child.exit()).hasValue(3);
    assertThat(child.isLost()).isFalse();
    worker.get(10, TimeUnit.SECONDS);
    assertThat(Files.readString(log))
        .contains("[run, the.yaml] by the environment")
        .contains(
            "threads " + Math.max(1, new simsiam.pipelines.machine.Machine().physicalCores() / 2));
  }

  @Test
  void aChildEndsInOrderWhenItIsTold() throws Exception {
    CompletableFuture<Void> worker = serve();
    RemoteChild child = offered();
    run(child, "sleep");
    awaitLog("sleeps");

    child.terminate();

    assertThat(child.await(60_000)).isTrue();
    assertThat(child.exit()).hasValue(143);
    assertThat(Files.readString(log)).contains("saves");
    worker.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aChildEndsInOrderWhenTheLaunchingProcessIsGone() throws Exception {
    CompletableFuture<Void> worker = serve();
    RemoteChild child = offered();
    run(child, "sleep");
    awaitLog("sleeps");

    launcher.close(); // as the system does of a process that is killed

    assertThatThrownBy(() -> worker.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasMessageStartingWith("Cannot run points on worker " + SharedFolder.worker())
        .hasMessageContaining("launcher.lock to be locked by the process that launched the sweep")
        .hasMessageContaining("do not reach from one machine to another");
    assertThat(Files.readString(log)).contains("saves");
    TimeUnit.MILLISECONDS.sleep(1_100); // until it is looked at again
    assertThat(child.exit()).as("exit code of a point that was not done").isEmpty();
    assertThat(child.isLost()).isTrue();
  }

  @Test
  void aCancelledElementIsLostAndNoResult() throws Exception {
    Thread[] thread = new Thread[1];
    CompletableFuture<Void> ended = new CompletableFuture<>();
    thread[0] =
        new Thread(
            () -> {
              try {
                Worker.serve(job);
                ended.complete(null);
              } catch (IOException | InterruptedException e) {
                ended.completeExceptionally(e);
              }
            });
    thread[0].start();
    RemoteChild child = offered();
    run(child, "sleep");
    awaitLog("sleeps");

    thread[0].interrupt();

    assertThatThrownBy(() -> ended.get(60, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(InterruptedException.class);
    assertThat(Files.readString(log)).contains("saves");
    TimeUnit.MILLISECONDS.sleep(1_100);
    assertThat(child.isLost()).isTrue();
    assertThat(child.exit()).isEmpty();
  }

  @Test
  void whoIsDismissedOrLateRunsNothing() throws Exception {
    CompletableFuture<Void> worker = serve();
    offered().dismiss();
    worker.get(60, TimeUnit.SECONDS);

    job.close();
    serve().get(60, TimeUnit.SECONDS);

    try (Stream<Path> offers = Files.list(job.offers())) {
      assertThat(offers).hasSize(1);
    }
  }

  @Test
  void aWorkerWithAnotherProgramOrWithoutSaysSo() throws IOException {
    Path dist = folder.resolve("dist");
    String version = job.distribution().version();
    Files.delete(dist.resolve("lib").resolve("simsiam-model-1.2.jar"));
    Distributions.in(dist, "1.2", "b");

    assertThatThrownBy(() -> Worker.serve(job))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot run points on worker %s: expected the distribution %s in version %s"
                .formatted(SharedFolder.worker(), dist, version))
        .hasMessageContaining(", got 1.2-");

    Files.delete(dist.resolve("simsiam.jar"));
    assertThatThrownBy(() -> Worker.serve(job))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith(", got none");
    try (Stream<Path> offers = Files.list(job.offers())) {
      assertThat(offers).isEmpty();
    }
  }
}
