package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.client.RunRequest;
import simsiam.mlflow.client.Tracking;
import simsiam.mlflow.client.TrackingSettings;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.prune.OutputsInUse;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.store.Workspace;

/** What may go of a workspace, and what stays, on the fake stages {@code train -> linear}. */
class PruneCommandTest extends ProgramHarness {
  private int prune(String... arguments) {
    Stream<String> first = Stream.of("prune", "--workspace", folder.toString());
    return program(Stream.concat(first, Arrays.stream(arguments)).toArray(String[]::new));
  }

  private void run(String name, String... overrides) {
    Stream<String> first = Stream.of("run", BASE, workspace, "name=" + name);
    String[] all = Stream.concat(first, Arrays.stream(overrides)).toArray(String[]::new);
    assertThat(program(all)).as(err.toString()).isZero();
  }

  /** What the last run did, such as {@code linear ran}. */
  private List<String> did() throws IOException {
    Object stages =
        Json.parse(Files.readString(folder.resolve("latest/summary.json"))).get("stages");
    return ((List<?>) stages)
        .stream()
            .map(row -> ((Map<?, ?>) row).get("name") + " " + ((Map<?, ?>) row).get("state"))
            .toList();
  }

  private List<Path> in(String place) throws IOException {
    Path parent = folder.resolve(place);
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(parent)) {
      return folders.sorted().toList();
    }
  }

  @Test
  void whatNoOtherRunNeedsGoesWithARunAndIsMadeAgainAlone() throws Exception {
    run("a", "train.epochs=2");
    run("b", "train.epochs=2", "linear.epochs=5");
    List<Path> before = in("stages/linear");

    assertThat(prune("--name", "a")).isZero();

    assertThat(out.toString())
        .containsPattern("run +\\S+ kB +\\d{4}-\\S+ \\S+ +" + folder + "/invocations/\\S+-a\n")
        .containsPattern("output of linear +\\S+ kB .*" + folder + "/stages/linear/\\w{16}\n")
        .doesNotContain("stages/train")
        .containsPattern(
            "\n2 folders, \\S+ kB; remove them with: ./simsiam prune --workspace "
                + folder
                + " --name a --yes\n");
    assertThat(in("invocations")).hasSize(2);
    assertThat(in("stages/linear")).isEqualTo(before);

    assertThat(prune("--name", "a", "--yes")).isZero();

    assertThat(out.toString()).containsPattern("\nRemoved 2 folders, \\S+ kB\n");
    assertThat(in("invocations")).singleElement().asString().endsWith("-b");
    assertThat(in("stages/linear")).hasSize(1);
    assertThat(folder.resolve("pruned")).doesNotExist();
    run("b", "train.epochs=2", "linear.epochs=5");
    assertThat(did()).containsExactly("train cached", "linear cached");
    run("a", "train.epochs=2");
    assertThat(did()).containsExactly("train cached", "linear ran");
  }

  @Test
  void theLinkToTheNewestRunFollows() throws Exception {
    run("a", "train.epochs=2");
    run("b", "train.epochs=3");

    assertThat(prune("--name", "b", "--yes")).isZero();
    assertThat(folder.resolve("latest").toRealPath().toString()).endsWith("-a");

    assertThat(prune("--name", "a", "--yes")).isZero();
    assertThat(Files.isSymbolicLink(folder.resolve("latest"))).isFalse();
    assertThat(in("stages/train")).isEmpty();
  }

  @Test
  void oldOnesGoByAgeButForTheNewestOfAName() throws Exception {
    run("a", "train.epochs=2");
    Path oldest = in("invocations").get(0);
    run("a", "train.epochs=3");
    run("b", "train.epochs=4");
    for (Path run : in("invocations")) {
      age(run);
    }
    run("c", "train.epochs=5");

    prune("--older-than", "52w");
    assertThat(out.toString()).isEqualTo("Nothing to remove in " + folder + "\n");

    prune("--older-than", "30d", "--keep-last", "1", "--yes");

    assertThat(in("invocations")).hasSize(3).doesNotContain(oldest);
    assertThat(in("stages/train")).hasSize(3);

    prune("--older-than", "30d", "--name", "c", "--yes");
    assertThat(in("invocations")).hasSize(3);

    prune("--older-than", "30d", "--yes");
    assertThat(in("invocations")).singleElement().asString().endsWith("-c");
    assertThat(in("stages/train")).hasSize(1);
  }

  /** Makes a run one of 40 days ago. */
  private static void age(Path run) throws IOException {
    Path file = run.resolve("invocation.json");
    String then = Instant.now().minusSeconds(40L * 24 * 3600).toString();
    String aged =
        Files.readString(file)
            .replaceAll("\"(ended|since)\" : \"[^\"]+\"", "\"$1\" : \"" + then + "\"");
    Files.writeString(file, aged);
  }

  /** Sweeps whose points were made by runs that are gone: only sweep.json names the outputs. */
  @Test
  void whatASweepSharesWithAnotherStays() throws Exception {
    String other =
        Files.writeString(
                folder.resolve("other.yaml"),
                "sweep: other\nbase: "
                    + Path.of(BASE).toAbsolutePath()
                    + "\naxes:\n  linear.epochs: [6, 7]\noverrides:\n  train.epochs: 2\n")
            .toString();
    for (String epochs : List.of("5", "6", "7")) {
      run("hand", "train.epochs=2", "linear.epochs=" + epochs);
    }
    String[] grid = {
      "ablate", "--table", "--base", BASE, workspace, "train.epochs=2", "linear.epochs=5,6"
    };
    assertThat(program(grid)).isZero();
    assertThat(program("ablate", "--table", other, workspace)).as(err.toString()).isZero();
    assertThat(prune("--name", "hand", "--yes")).isZero();
    assertThat(in("stages/linear")).hasSize(3);

    assertThat(prune("--sweep", "other", "--yes")).isZero();

    assertThat(in("sweeps")).singleElement().asString().endsWith("/grid-simsiam");
    assertThat(in("stages/linear")).hasSize(2);
    assertThat(in("stages/train")).hasSize(1);
    assertThat(program(grid)).isZero();
    assertThat(out.toString()).doesNotContain("still to be run");
  }

  @Test
  void whatKilledProcessesHaveLeftGoesInAnyCase() throws Exception {
    run("a", "train.epochs=2");
    services.linear =
        context -> {
          throw new IllegalStateException("no luck");
        };
    assertThat(program("run", BASE, workspace, "name=b", "train.epochs=2", "linear.epochs=9"))
        .isEqualTo(ExitCode.STAGE_FAILED);
    Path train = in("stages/train").get(0);
    Files.createDirectories(train.resolveSibling(train.getFileName() + ".replaced"));
    Files.createDirectories(train.resolveSibling(train.getFileName() + ".aside-1"));
    Files.createDirectories(folder.resolve("pruned/x/stages"));

    assertThat(prune("--yes")).isZero();

    assertThat(out.toString())
        .contains("unfinished linear ", "train, replaced ", "train, set aside ", "removed before ")
        .containsPattern("Removed 4 folders");
    assertThat(in("stages/train")).containsExactly(train);
    assertThat(in("stages/linear")).hasSize(1);
    assertThat(in("invocations")).hasSize(2);
    assertThat(folder.resolve("pruned")).doesNotExist();
  }

  @Test
  void outputsThatNothingNamesGoByAgeOnly() throws Exception {
    run("a", "train.epochs=2");
    for (Path file : in(folder.relativize(in("invocations").get(0)).toString())) {
      Files.delete(file);
    }
    Files.delete(in("invocations").get(0));

    assertThat(prune("--yes")).isZero();
    assertThat(out.toString())
        .contains("2 outputs that no run or sweep names stay; --older-than chooses them by age\n");
    assertThat(in("stages/train")).hasSize(1);

    assertThat(prune("--older-than", "0h", "--yes")).isZero();
    assertThat(in("stages/train")).isEmpty();
  }

  @Test
  void whatARunAtWorkReadsStays() throws Exception {
    run("a", "train.epochs=2");
    StringWriter pruned = new StringWriter();
    services.linear =
        context -> {
          Output output = PlainWords.output(pruned, pruned, false);
          String[] all = {"prune", "--workspace", folder.toString(), "--older-than", "0h", "--yes"};
          assertThat(new Program(new FakeServices(), output).run(all)).isZero();
          assertThat(context.upstream("train")).isDirectory();
          return new FakeServices().linear.run(context);
        };

    run("b", "train.epochs=2", "linear.epochs=9");

    assertThat(pruned.toString())
        .containsPattern("stays: +run +\\S+-b +at work\n")
        .containsPattern("Removed 2 folders");
    assertThat(did()).containsExactly("train cached", "linear ran");
    assertThat(in("locks")).noneMatch(file -> file.toString().contains("use-"));
  }

  @Test
  void anOutputThatIsBeingMadeStaysWithItsRunsUpstream() throws Exception {
    run("a", "train.epochs=2");
    String made = in("stages/linear").get(0).getFileName().toString();
    try (ProcessLock lock =
        ProcessLock.tryAcquire(folder.resolve("locks/linear-" + made + ".lock")).orElseThrow()) {
      assertThat(lock.isHeld()).isTrue();
      assertThat(prune("--name", "a", "--yes")).isZero();
    }

    assertThat(out.toString()).containsPattern("stays: +output of linear +\\S+ +being made\n");
    assertThat(in("stages/linear")).hasSize(1);
    assertThat(in("stages/train")).hasSize(1);
  }

  @Test
  void aRunPlansAnewWhenAnOutputWentSinceItWasPlanned() throws Exception {
    run("a", "train.epochs=2");
    Path train = in("stages/train").get(0);
    Thread run = new Thread(() -> program("run", BASE, workspace, "train.epochs=2"));
    try (ProcessLock gate = OutputsInUse.gate(new Workspace(folder), holder -> {})) {
      assertThat(gate.isHeld()).isTrue();
      run.start();
      while (!out.toString().contains("waiting for process")) {
        Thread.sleep(5);
      }
      Files.move(train, folder.resolve("elsewhere"));
    }
    run.join();

    assertThat(out.toString()).contains("an output was removed just now; planning anew\n");
    assertThat(did()).containsExactly("train ran", "linear cached");
    assertThat(train).isDirectory();
  }

  @Test
  void whatMlflowHasNotBeenSentStays() throws Exception {
    run("a", "train.epochs=2");
    RunFolder tracked =
        track("run-" + in("invocations").get(0).getFileName() + "-" + UUID.randomUUID(), "");
    RunFolder stage = track("linear-" + UUID.randomUUID(), tracked.uid());
    delivered(tracked);

    assertThat(prune("--name", "a", "--yes")).isZero();

    assertThat(out.toString())
        .containsPattern("stays: +run +\\S+-a +not sent to MLflow yet\n")
        .contains("Nothing to remove in ");
    assertThat(in("stages/linear")).hasSize(1);

    delivered(stage);
    assertThat(prune("--name", "a", "--yes")).isZero();

    assertThat(out.toString())
        .containsPattern("tracking data, sent \\(2\\) +\\S+ kB +" + folder + "/tracking\n");
    assertThat(in("stages/linear")).isEmpty();
    assertThat(tracked.path()).doesNotExist();
    assertThat(stage.path()).doesNotExist();
  }

  private RunFolder track(String uid, String parent) throws IOException, InterruptedException {
    Path spool = folder.resolve("tracking");
    RunRequest request = RunRequest.of(uid, "e", "n");
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(spool))) {
      tracking
          .startRun(parent.isEmpty() ? request : request.under(parent))
          .close(RunStatus.FINISHED);
    }
    return new Spool(spool).run(uid);
  }

  private static void delivered(RunFolder run) throws IOException {
    Files.createDirectories(run.path().resolve("server-x"));
    run.delivery("x").delivered(Delivery.Lane.DATA, Files.size(run.journal()));
    run.delivery("x").delivered(Delivery.Lane.FILES, Files.size(run.journal()));
  }

  @Test
  void twoDoNotRemoveAtOnce() throws Exception {
    run("a", "train.epochs=2");
    try (ProcessLock other =
        ProcessLock.tryAcquire(folder.resolve("locks/prune.lock")).orElseThrow()) {
      assertThat(other.isHeld()).isTrue();
      assertThat(prune("--name", "a", "--yes")).isEqualTo(ExitCode.USAGE);
    }
    assertThat(errors())
        .containsExactly(
            "error: Cannot prune "
                + folder
                + ": expected to be alone, got another process that does");
    assertThat(in("stages/train")).hasSize(1);
  }

  @Test
  void theListIsJsonToo() throws Exception {
    run("a", "train.epochs=2");

    assertThat(prune("--name", "a", "--json")).isZero();

    Map<?, ?> printed = Json.parse(out.toString());
    assertThat(printed.get("removed")).isEqualTo(false);
    List<?> items = (List<?>) printed.get("items");
    assertThat(items.stream().map(item -> String.valueOf(((Map<?, ?>) item).get("what"))))
        .containsExactly("output of linear", "output of train", "run");
    long bytes =
        items.stream()
            .mapToLong(item -> ((Number) ((Map<?, ?>) item).get("bytes")).longValue())
            .sum();
    assertThat(((Number) printed.get("bytes")).longValue()).isEqualTo(bytes).isPositive();
  }

  @Test
  void whatIsNotThereCannotBeChosen() {
    run("a", "train.epochs=2");

    assertThat(prune("--name", "b", "--yes")).isEqualTo(ExitCode.USAGE);
    assertThat(errors().get(0))
        .isEqualTo(
            "error: Cannot prune run b: expected a run of "
                + folder
                + ", got none of that name; did you mean a?");
    assertThat(prune("--sweep", "b")).isEqualTo(ExitCode.USAGE);
    assertThat(errors().get(0))
        .isEqualTo(
            "error: Cannot prune sweep b: expected a sweep of "
                + folder
                + ", got none of that name");
    assertThat(prune("--older-than", "30")).isEqualTo(ExitCode.USAGE);
    assertThat(errors())
        .containsExactly(
            "error: Cannot use --older-than: expected hours, days or weeks such as 12h, 30d or 8w,"
                + " got 30");
    assertThat(prune("--yes", "--dry-run")).isEqualTo(ExitCode.USAGE);
    assertThat(errors())
        .containsExactly("error: Cannot prune: expected --yes or --dry-run, got both");
    assertThat(program("prune", "--workspace", folder + "/none")).isEqualTo(ExitCode.USAGE);
    assertThat(errors())
        .containsExactly(
            "error: Cannot prune "
                + folder
                + "/none: expected a workspace, got no folder of that name");
  }
}
