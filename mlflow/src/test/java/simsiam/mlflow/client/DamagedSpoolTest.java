package simsiam.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.ModelOutput;
import simsiam.mlflow.ModelOutput.Registration;
import simsiam.mlflow.ModelRef;
import simsiam.mlflow.client.FakeMlflow.FakeRun;
import simsiam.mlflow.client.FakeMlflow.Reply;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;
import simsiam.mlflow.upload.UploadLimits;

/**
 * Every file of one run's folder in the spool, damaged in every way that a disk, a loss of power or
 * a user can: the run's children and neighbours are sent all the same, and the damaged run is sent
 * too or named.
 */
class DamagedSpoolTest {
  private static final UploadLimits QUICK =
      new UploadLimits(Duration.ofSeconds(10), Duration.ofMillis(50));
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int POINTS = 20;

  @TempDir Path folder;
  private FakeMlflow server;

  /** What can become of a file. */
  private enum Damage {
    EMPTY,
    TRUNCATED,
    GARBAGE,
    NO_FIELDS,
    FOLDER,
    NOT_TO_BE_OPENED;

    void to(Path file) throws IOException {
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      switch (this) {
        case EMPTY -> Files.createFile(file);
        case TRUNCATED -> Files.write(file, java.util.Arrays.copyOf(content, content.length / 2));
        case GARBAGE ->
            Files.write(file, new byte[] {(byte) 0xff, 'x', '{', '\n', '"', (byte) 0x80});
        case NO_FIELDS -> Files.writeString(file, "{}\n");
        case FOLDER -> Files.createDirectories(file.resolve("a/b"));
        case NOT_TO_BE_OPENED -> Files.createSymbolicLink(file, file.getFileName()); // ELOOP
      }
    }
  }

  @BeforeEach
  void start() throws IOException {
    server = new FakeMlflow();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ServerSource source() {
    return ServerSource.fixed(server.address());
  }

  private Tracking open(Path spool) throws Exception {
    return Tracking.open(
        new TrackingSettings(spool, TrackingMode.AUTO, source(), Duration.ofSeconds(1), QUICK));
  }

  /** A pipeline, of which everything was sent but its last entries, with a stage to be sent. */
  private Path spool() throws Exception {
    Path spool = folder.resolve("spool");
    Path weights = Files.write(folder.resolve("weights"), new byte[1000]);
    AtomicBoolean away = new AtomicBoolean();
    server.fault(
        (path, body) ->
            away.get() && path.endsWith("later.bin")
                ? Optional.of(Reply.of(503, "away"))
                : Optional.empty());
    try (Tracking tracking = open(spool)) {
      TrackedRun parent = tracking.startRun(RunRequest.of("parent", "e", "pipeline"));
      parent.params(Map.of("a", "1"));
      parent.metric("bad//name", 1, 0);
      parent.model(
          new ModelOutput(
              "encoder",
              "encoder",
              1,
              Map.of(),
              Map.of(),
              Map.of("w", weights),
              Registration.NONE));
      assertThat(tracking.flush(LIMIT).spooled()).isZero();
      away.set(true);
      parent.artifact(Files.write(folder.resolve("later.bin"), new byte[500]), "");
      tracking.flush(Duration.ofMillis(200));
      parent.close();
    }
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(spool))) {
      TrackedRun parent = tracking.startRun(RunRequest.of("parent", "e", "pipeline"));
      points(parent);
      points(tracking.startRun(RunRequest.of("child", "e", "stage").under("parent")));
      points(
          tracking.startRun(
              RunRequest.of("linked", "e", "other").withDescription("[the run](run:parent)")));
      TrackedRun user = tracking.startRun(RunRequest.of("user", "e", "user"));
      user.modelInput(new ModelRef("parent", "encoder"));
      points(user);
      parent.close();
    }
    away.set(false);
    return spool;
  }

  private static void points(TrackedRun run) throws IOException {
    for (int step = 1; step <= POINTS; step++) {
      run.metric("loss", step, step);
    }
    run.artifact(Files.writeString(Files.createTempFile("a", ".txt"), "hello"), "");
    run.persist();
  }

  @TestFactory
  Stream<DynamicTest> theOthersAreSentAndTheDamagedIsSentOrNamed() throws Exception {
    Path spool = spool();
    Path parent = spool.resolve("parent");
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : files(parent)) {
      // Of a lock the content does not matter.
      boolean lock = file.toString().endsWith(".lock");
      for (Damage damage : lock ? List.of(Damage.FOLDER) : List.of(Damage.values())) {
        String relative = parent.relativize(file).toString().replaceAll("[0-9a-f-]{36}", "UUID");
        tests.add(
            DynamicTest.dynamicTest(
                relative + " " + damage,
                () ->
                    assertTimeoutPreemptively(
                        Duration.ofSeconds(60), () -> survives(spool, file, damage))));
      }
    }
    assertThat(tests.stream().map(DynamicTest::getDisplayName))
        .contains(
            "journal.jsonl EMPTY",
            "owner.lock FOLDER",
            "sender.lock FOLDER",
            "files/UUID-later.bin EMPTY");
    assertThat(tests.stream().map(DynamicTest::getDisplayName))
        .anyMatch(name -> name.matches("server-\\w+/run.json EMPTY"))
        .anyMatch(name -> name.matches("server-\\w+/data.json EMPTY"))
        .anyMatch(name -> name.matches("server-\\w+/files.json EMPTY"))
        .anyMatch(name -> name.matches("server-\\w+/creating.json EMPTY"))
        .anyMatch(name -> name.matches("server-\\w+/model-encoder.json EMPTY"))
        .anyMatch(name -> name.matches("server-\\w+/quarantine.jsonl EMPTY"));
    return tests.stream();
  }

  private void survives(Path spool, Path file, Damage damage) throws Exception {
    Path copy = folder.resolve("copy-" + System.nanoTime());
    copy(spool, copy);
    damage.to(copy.resolve(spool.relativize(file)));
    Map<String, FakeRun> before = server.copy();

    try (Tracking tracking = Tracking.open(TrackingSettings.offline(copy))) {
      tracking.startRun(RunRequest.of("fresh", "e", "fresh")).close(); // a new process can log
    }
    FlushReport report = Sync.run(copy, source(), Duration.ofSeconds(5), trouble -> {});

    Map<String, Sync.Row> rows = new java.util.HashMap<>();
    Sync.status(copy, server.address().id()).forEach(row -> rows.put(row.uid(), row));
    for (String uid : List.of("child", "linked", "user", "fresh")) {
      assertThat(rows.get(uid).waiting()).as("%s: %s, %s", uid, rows, report).isZero();
      FakeRun sent = server.run(uid);
      assertThat(sent.points.stream().distinct().count())
          .as(uid)
          .isEqualTo(uid.equals("fresh") ? 0 : POINTS);
    }
    Sync.Row damaged = rows.get("parent");
    if (damaged == null) {
      assertThat(file).hasFileName("journal.jsonl"); // without it, it is no run
    } else {
      // One value was refused before.
      boolean named = !damaged.trouble().isEmpty() || damaged.quarantined() > 1;
      boolean empty = damaged.entries() <= 1;
      boolean complete =
          damaged.waiting() == 0
              && server.run("parent").points.stream().distinct().count() == POINTS;
      assertThat(named || complete || empty).as("%s %s", rows, report).isTrue();
    }
    assertThat(report.blocked()).as("%s", rows).allMatch(line -> line.startsWith("parent: "));
    server.restore(before);
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".txt"))
          .sorted()
          .toList();
    }
  }

  /** As {@code cp -r} does, with new times. */
  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(at)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path at, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(at, to.resolve(from.relativize(at)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> whatTheServerAnswersForOneRunConcernsNoOther() {
    return Map.of(
            "no id", "{\"run\":{}}",
            "another type", "{\"run\":[1]}",
            "an id that it does not know",
                "{\"run\":{\"info\":{\"run_id\":\"x\",\"experiment_id\":\"1\",\"artifact_uri\":\"mlflow-artifacts:/x\"}}}",
            "a root that is no URI", "",
            "a root without a path", "",
            "a root of nothing", "")
        .entrySet()
        .stream()
        .map(
            answer ->
                DynamicTest.dynamicTest(
                    answer.getKey(), () -> concernsNoOther(answer.getKey(), answer.getValue())));
  }

  private void concernsNoOther(String name, String answer) throws Exception {
    Path spool = folder.resolve(name.replace(' ', '-'));
    server.fault(
        (path, body) ->
            !answer.isEmpty()
                    && path.equals("mlflow/runs/create")
                    && body.toString().contains("\"bad-")
                ? Optional.of(Reply.of(200, answer))
                : Optional.empty());
    String bad = "bad-" + name.replace(' ', '-');
    server.roots.put("bad-a-root-that-is-no-URI", "no uri: %%");
    server.roots.put("bad-a-root-without-a-path", "mlflow-artifacts:x");
    server.roots.put("bad-a-root-of-nothing", "");
    String good = "good-" + name.replace(' ', '-');
    try (Tracking tracking = open(spool)) {
      points(tracking.startRun(RunRequest.of(bad, "e", "bad")));
      points(tracking.startRun(RunRequest.of(good, "e", "good").under(bad)));
      FlushReport report = tracking.flush(LIMIT);
      assertThat(report.isComplete()).isFalse();
      assertThat(report.trouble()).isEmpty();
      assertThat(report.blocked()).allMatch(line -> line.startsWith(bad + ": "));
      assertThat(server.run(good).points).hasSize(POINTS);
      RunFolder folder = new Spool(spool).run(bad);
      List<String> refused = folder.delivery(server.address().key()).refused();
      assertThat(report.blocked().size() + refused.size()).as("%s", report).isPositive();
      if (name.equals("a root that is no URI")) {
        assertThat(refused)
            .anyMatch(line -> line.contains("expected an artifact root that is a URI"));
      }
    }
    assertThat(Sync.status(spool, server.address().id()))
        .filteredOn(row -> row.uid().equals(good))
        .allMatch(row -> row.waiting() == 0);
  }
}
