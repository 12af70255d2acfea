package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.stage.Json;

/**
 * A sweep on a cluster of two workers with two slots each. The program is the one that the build
 * has made, as workers start it from a distribution.
 */
abstract class ClusterSweepContract {
  private static final String SWEEP =
      """
      sweep: four
      base: tiny.yaml
      overrides:
        dataset.limit: 64
        train.knn_every_epochs: 4
        linear.epochs: 1
      axes:
        what:
          long: {train.epochs: 50}
          fails: {train.base_lr: 1e30, train.epochs: 2}
          short: {train.epochs: 1}
          shares: {train.epochs: 1, knn.k: 5}
      measures: [knn_top1, linear_top1, final_loss]
      """;

  @TempDir private Path folder;

  /** The cluster, and how the program is told of it. */
  interface Cluster extends AutoCloseable {
    List<String> arguments();

    List<String> javaOptions();

    /** Ends a worker as {@code kill -9} does, with all that belongs to it but the child. */
    void kill(ProcessHandle worker) throws Exception;

    /** Whether nothing is at work on it. */
    boolean isIdle() throws IOException;

    @Override
    void close();
  }

  /** Starts it in a folder of its own. */
  abstract Cluster start(Path place) throws Exception;

  @Test
  void pointsOfALostWorkerGoOnElsewhereAndAllIsAsOnOneMachine() throws Exception {
    TinyStudy.in(folder);
    Files.writeString(folder.resolve("four.yaml"), SWEEP);
    Path here = folder.resolve("here");
    try (SimsiamProcess local = ablate(here, List.of(), List.of())) {
      assertThat(local.exitCode()).as(local.output()).isEqualTo(4);
    }
    Path there = folder.resolve("there");
    try (Cluster cluster = start(folder.resolve("cluster"))) {
      interruptedAfterALoss(cluster, there);
      try (SimsiamProcess again = ablate(there, cluster.javaOptions(), cluster.arguments())) {
        assertThat(again.exitCode()).as(again.output()).isEqualTo(4);
        assertThat(again.output()).contains("begins    what=long");
      }
    }

    assertThat(points(there)).isEqualTo(points(here));
    assertThat(made(there)).as("what was made, and how often").isEqualTo(made(here));
    assertThat(log(there, "long")).containsPattern("Continuing after epoch \\d+, step");
    assertThat(there.resolve("sweeps/four-tiny/jobs")).isEmptyDirectory();
  }

  /** Kills the worker of the long point, then, where it goes on, the whole. */
  private void interruptedAfterALoss(Cluster cluster, Path there) throws Exception {
    try (SimsiamProcess first = ablate(there, cluster.javaOptions(), cluster.arguments())) {
      first.await(() -> checkpoint(there).isPresent());
      ProcessHandle child = child(there);
      cluster.kill(child.parent().orElseThrow());
      child.onExit().get(60, TimeUnit.SECONDS); // nobody tells it; it saves and ends
      first.await(() -> begun(first, "what=long") >= 2);
      Optional<String> saved = checkpoint(there);
      first.await(() -> !checkpoint(there).equals(saved));
      ProcessHandle other = child(there);
      first.terminate();

      assertThat(first.exitCode()).as(first.output()).isEqualTo(130);
      assertThat(ProcessLock.isFree(there.resolve(point(there, "long") + "child.lock")))
          .as("lock of a child of an interrupted sweep")
          .isTrue();
      other.onExit().get(10, TimeUnit.SECONDS); // its last breath, where its worker went before it
      assertThat(first.output())
          .containsPattern("lost +what=long .* with its worker on .*; it goes on elsewhere")
          .contains("interrupted; continue with: ");
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!cluster.isIdle()) {
      assertThat(System.nanoTime()).as("time at which the cluster is idle").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static int begun(SimsiamProcess ablate, String point) throws IOException {
    return (int)
        ablate.output().lines().filter(line -> line.startsWith("begins    " + point)).count();
  }

  /** The built program in a folder as the launcher lays it out. */
  private Path distribution() throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    Path made = folder.resolve("dist");
    if (!Files.exists(made)) {
      Files.createDirectory(made);
      Files.createSymbolicLink(made.resolve("lib"), target.resolve("dist").resolve("lib"));
      Files.copy(target.resolve("simsiam-pipelines-0.1.0.jar"), made.resolve("simsiam.jar"));
    }
    return made;
  }

  private SimsiamProcess ablate(Path workspace, List<String> javaOptions, List<String> more)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "-Dsimsiam.jobs=" + distribution().resolve("lib"),
                "-Dsimsiam.home=" + Path.of("..").toAbsolutePath().normalize()));
    command.addAll(javaOptions);
    command.addAll(List.of("-jar", distribution().resolve("simsiam.jar").toString(), "ablate"));
    command.add(folder.resolve("four.yaml").toString());
    command.addAll(List.of("workspace=" + workspace, "-j", "2"));
    command.addAll(more);
    return SimsiamProcess.start(folder, command);
  }

  /** The child that works on the long point. */
  private static ProcessHandle child(Path workspace) throws IOException {
    String config = "/" + point(workspace, "long") + "config.yaml";
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(config))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No child at work on " + config));
  }

  /** The newest checkpoint of a training of more than a few epochs that goes on. */
  private static Optional<String> checkpoint(Path workspace) throws IOException {
    Path stages = workspace.resolve("stages").resolve("pretrain");
    return Files.isDirectory(stages)
        ? new Listing(stages)
            .files().stream()
                .filter(
                    file -> file.matches(".*\\.partial/checkpoints/step-\\d*[1-9]\\d/state.json"))
                .max(String::compareTo)
        : Optional.empty();
  }

  private static List<Map<?, ?>> sweep(Path workspace) throws IOException {
    Path file = workspace.resolve("sweeps").resolve("four-tiny").resolve("sweep.json");
    List<?> points = (List<?>) Json.parse(Files.readString(file)).get("points");
    return points.stream().<Map<?, ?>>map(point -> (Map<?, ?>) point).toList();
  }

  private static Object id(Path workspace, String what) throws IOException {
    return sweep(workspace).stream()
        .filter(point -> point.get("labels").toString().contains("what=" + what))
        .findFirst()
        .orElseThrow()
        .get("id");
  }

  /** Its folder in the workspace. */
  private static String point(Path workspace, String what) throws IOException {
    return "sweeps/four-tiny/points/" + id(workspace, what) + "/";
  }

  private static String log(Path workspace, String what) throws IOException {
    return Files.readString(workspace.resolve(point(workspace, what) + "log.txt"));
  }

  /** Id, state, measures and stages of each point, and why it failed. */
  private static Map<String, List<Object>> points(Path workspace) throws IOException {
    Map<String, List<Object>> points = new TreeMap<>();
    for (Map<?, ?> point : sweep(workspace)) {
      Map<Object, Object> measures = new TreeMap<>((Map<?, ?>) point.get("measures"));
      measures.keySet().removeIf(name -> name.toString().contains("second")); // times
      String cause =
          point.get("failure") instanceof Map<?, ?> failure
              ? failure.get("cause").toString().replaceFirst("; .*", "") // the newest checkpoint
              : "none";
      points.put(
          point.get("labels").toString(),
          List.of(point.get("id"), point.get("state"), measures, point.get("stages"), cause));
    }
    return points;
  }

  /** How often a stage was made, over all invocations. */
  private static Map<String, Integer> made(Path workspace) throws IOException {
    Map<String, Integer> made = new TreeMap<>();
    Path invocations = workspace.resolve("invocations");
    for (String file : new Listing(invocations).files()) {
      if (file.endsWith("/summary.json")) {
        List<?> stages =
            (List<?>) Json.parse(Files.readString(invocations.resolve(file))).get("stages");
        for (Object stage : stages) {
          if (((Map<?, ?>) stage).get("state").equals("ran")) {
            made.merge(((Map<?, ?>) stage).get("name").toString(), 1, Integer::sum);
          }
        }
      }
    }
    return made;
  }
}
