package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a run whose tracking server is away. */
class AwayServerTest {
  private static final String WAITING = "Tracking: waiting a few seconds for the server";

  @TempDir Path folder;

  private SimsiamProcess start(int port) throws IOException {
    return TinyStudy.in(folder)
        .start(
            "run",
            "away",
            "tracking.mode=auto",
            "tracking.uri=http://127.0.0.1:" + port,
            "dataset.limit=40",
            "train.batch_size=8",
            "--to",
            "preprocess");
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFewSecondsAreWaitedAndSaid(boolean hung) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SimsiamProcess run = start(hung ? silent.getLocalPort() : 1)) {
      run.await(() -> run.output().contains(WAITING));
      long begin = System.nanoTime();
      assertThat(run.exitCode()).as(run.output()).isZero();
      assertThat(seconds(begin)).isLessThan(12);
      assertThat(run.output())
          .contains("entries wait in", "the next run sends them, or: simsiam sync");
    }
  }

  @Test
  void aChildThatJournalsAsksForNoServer() throws Exception {
    List<String> command =
        SimsiamProcess.command(
            List.of("-Dsimsiam.journals=true"),
            TinyStudy.in(folder)
                .arguments(
                    "run",
                    "away",
                    "tracking.mode=required",
                    "tracking.uri=http://127.0.0.1:1",
                    "dataset.limit=40",
                    "train.batch_size=8",
                    "--to",
                    "preprocess"));
    try (SimsiamProcess run = SimsiamProcess.start(folder, command)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
      assertThat(run.output()).doesNotContain("Tracking: waiting");
    }
    assertThat(new Listing(folder.resolve("away/tracking")).files())
        .anyMatch(file -> file.matches("preprocess-.*/journal.jsonl"));
  }

  @Test
  void aSignalEndsTheWaitAtOnce() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SimsiamProcess run = start(silent.getLocalPort())) {
      run.await(() -> run.output().contains(WAITING));
      long begin = System.nanoTime();
      run.terminate();
      assertThat(run.exitCode()).as(run.output()).isEqualTo(130);
      assertThat(seconds(begin)).isLessThan(2.5);
      // The stage was done, and its run in the spool has its end.
      assertThat(TinyStudy.in(folder).committed("away", "preprocess")).isTrue();
      Path journal;
      try (var runs = Files.newDirectoryStream(folder.resolve("away/tracking"), "preprocess-*")) {
        journal = runs.iterator().next().resolve("journal.jsonl");
      }
      assertThat(Files.readString(journal)).contains("\"end\":\"FINISHED\"");
    }
  }
}
