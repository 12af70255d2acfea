package simsiam.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.mlflow.rest.Credentials;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.upload.UploadLimits;

/** How long the end of a run waits for its server, and what comes of what was left. */
class LastWaitTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration SILENCE = Duration.ofSeconds(2);

  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();

  private Tracking open(String uri) throws Exception {
    return Tracking.open(
        TrackingSettings.of(
            folder,
            TrackingMode.AUTO,
            ServerSource.fixed(ServerAddress.of(uri, Credentials.NONE))));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aServerThatIsAwayIsWaitedForAFewSecondsAndSaid(boolean hung) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      int port = hung ? silent.getLocalPort() : 1; // where nobody listens
      Tracking tracking = open("http://127.0.0.1:" + port);
      tracking.startRun(RunRequest.of("u", "e", "n")).close();
      long begin = System.nanoTime();
      FlushReport report = tracking.flush(LIMIT, SILENCE, told::add);
      tracking.close();
      assertThat(seconds(begin)).isBetween(1.5, 6.0);
      assertThat(report.spooled()).isEqualTo(2);
      assertThat(told)
          .singleElement()
          .asString()
          .contains(
              hung ? "no answer yet from http://127.0.0.1:" : "Cannot reach http://127.0.0.1:");
    }
  }

  @Test
  void aSlowServerThatGoesOnTakingIsNotLeft() throws Exception {
    try (FakeMlflow server = new FakeMlflow()) {
      server.fault(
          (path, body) -> {
            try {
              Thread.sleep(300);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return Optional.empty();
          });
      try (Tracking tracking = open(server.address().uri().toString())) {
        for (int i = 0; i < 4; i++) {
          tracking.startRun(RunRequest.of("u" + i, "e", "n")).close();
        }
        long begin = System.nanoTime();
        FlushReport report = tracking.flush(LIMIT, Duration.ofSeconds(1), told::add);
        assertThat(report.isComplete()).as("%s", report).isTrue();
        assertThat(seconds(begin)).isGreaterThan(2); // far longer than the silence allowed
        assertThat(told).hasSize(1);
      }
    }
  }

  @Test
  void theWaitEndsAtOnceWhenItIsToldTo() throws Exception {
    Tracking tracking = open("http://127.0.0.1:1");
    tracking.startRun(RunRequest.of("u", "e", "n")).close();
    Thread other =
        new Thread(
            () -> {
              try {
                Thread.sleep(500);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              tracking.leave();
            });
    long begin = System.nanoTime();
    other.start();
    FlushReport report = tracking.flush(LIMIT, LIMIT, told::add);
    assertThat(seconds(begin)).isBetween(0.4, 2.0);
    assertThat(report.spooled()).isEqualTo(2);
    tracking.close();
    other.join();
  }

  @Test
  void aRequiredServerIsSaidToBeWaitedFor() throws Exception {
    TrackingSettings settings =
        new TrackingSettings(
            folder,
            TrackingMode.REQUIRED,
            ServerSource.fixed(ServerAddress.of("http://127.0.0.1:1", Credentials.NONE)),
            Duration.ofSeconds(2),
            UploadLimits.DEFAULT);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> Tracking.open(settings, text -> text, told::add))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected a tracking server within 2 s");
    assertThat(told).singleElement().asString().contains("Cannot reach http://127.0.0.1:1");
  }

  @Test
  void aCopiedSpoolIsSentWithItsFilesThoughTheirTimesAreOthers() throws Exception {
    Path small = Files.write(folder.resolve("small"), new byte[1000]);
    Path large = Files.write(folder.resolve("large"), new byte[9 << 20]);
    Path replaced = Files.writeString(folder.resolve("replaced"), "before");
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(folder.resolve("spool")))) {
      TrackedRun run = tracking.startRun(RunRequest.of("u", "e", "n"));
      run.artifact(small, "");
      run.artifact(large, "");
      run.artifact(replaced, "");
      run.close();
    }
    List<Path> kept;
    try (var files = Files.list(folder.resolve("spool/u/files"))) {
      kept = files.toList();
    }
    assertThat(kept).hasSize(3);
    for (Path file : kept) {
      if (file.toString().endsWith("replaced")) {
        Files.writeString(file, "after!"); // as many bytes
      }
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    }
    try (FakeMlflow server = new FakeMlflow()) {
      FlushReport report =
          Sync.run(
              folder.resolve("spool"),
              ServerSource.fixed(server.address()),
              Duration.ofSeconds(5),
              told::add);
      assertThat(report.spooled()).isZero();
      assertThat(server.artifacts.keySet().stream().map(path -> path.replaceAll(".*/", "")))
          .containsExactlyInAnyOrder("small", "large");
      assertThat(
              new RunFolder(folder.resolve("spool/u")).delivery(server.address().key()).refused())
          .singleElement()
          .asString()
          .contains("artifact replaced", "changed since");
    }
  }

  @Test
  void aCopiedSpoolOfAnEarlierVersionKeepsItsSmallFiles() throws Exception {
    Path small = Files.write(folder.resolve("small"), new byte[1000]);
    Path spool = folder.resolve("spool");
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(spool))) {
      TrackedRun run = tracking.startRun(RunRequest.of("u", "e", "n"));
      run.artifact(small, "");
      run.close();
    }
    Path journal = spool.resolve("u/journal.jsonl");
    String without = Files.readString(journal).replaceAll(",\"sha256\":\"[0-9a-f]+\"", "");
    assertThat(without).isNotEqualTo(Files.readString(journal));
    Files.writeString(journal, without);
    try (var files = Files.list(spool.resolve("u/files"))) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
      }
    }
    try (FakeMlflow server = new FakeMlflow()) {
      FlushReport report =
          Sync.run(spool, ServerSource.fixed(server.address()), Duration.ofSeconds(5), told::add);
      assertThat(report.isComplete()).as("%s", report).isTrue();
      assertThat(server.artifacts).hasSize(1);
    }
  }
}
