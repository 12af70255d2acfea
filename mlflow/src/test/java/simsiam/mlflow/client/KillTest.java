package simsiam.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.JournalState;
import simsiam.mlflow.spool.RunFolder;

/**
 * {@code kill -9} at random moments of a training that continues from its checkpoints; 20 of them:
 * {@code -Dkills=20}.
 */
class KillTest {
  private static final Logger LOG = LoggerFactory.getLogger(KillTest.class);
  private static final int KILLS = Integer.getInteger("kills", 4);

  @TempDir Path folder;

  @Test
  void nothingOlderThanASecondIsLostAndCurvesHaveNoGapAndNoDoublePoint() throws Exception {
    Random random = new Random(3);
    long mostLost = 0;
    long longestLost = 0;
    RunFolder run = new RunFolder(folder.resolve("spool/victim"));
    for (int kill = 0; kill < KILLS; kill++) {
      Path output = folder.resolve("output" + kill);
      Process process = start(output);
      while (!Files.exists(output) || Files.size(output) < 1000) {
        assertThat(process.isAlive()).isTrue();
        Thread.sleep(10);
      }
      Thread.sleep(random.nextInt(1500));
      process.destroyForcibly().waitFor();
      long killed = System.currentTimeMillis();
      long journalled = JournalState.of(run.journal()).lastSteps().get("loss");
      List<long[]> lost = lost(output, journalled);
      mostLost = Math.max(mostLost, lost.size());
      longestLost = Math.max(longestLost, lost.isEmpty() ? 0 : killed - lost.get(0)[0]);
      assertThat(longestLost)
          .as("ms from the first lost point to the kill")
          .isLessThanOrEqualTo(1000);
    }
    long last = JournalState.of(run.journal()).lastSteps().get("loss");
    assertThat(JournalState.of(run.journal()).points()).isEqualTo(last + 1);

    RealServer server = RealServer.get();
    FlushReport report =
        Sync.run(
            folder.resolve("spool"),
            ServerSource.fixed(server.address()),
            Duration.ofSeconds(30),
            trouble -> {});
    assertThat(report.isComplete()).as("%s", report).isTrue();
    String id = run.delivery(server.address().key()).run().orElseThrow().runId();
    Map<Long, Double> history = server.history(id, "loss");
    assertThat(history.keySet())
        .containsExactlyElementsOf(LongStream.rangeClosed(0, last).boxed().toList());
    history.forEach((step, value) -> assertThat(value).isEqualTo(KillVictim.loss(step)));
    LOG.info(
        "{} kills, {} points journalled, {} on the server, none twice; a kill lost {} points"
            + " at most, and {} ms",
        KILLS,
        last + 1,
        history.size(),
        mostLost,
        longestLost);
    try (org.mlflow.tracking.MlflowClient client = server.client()) {
      assertThat(client.getRun(id).getInfo().getStatus().name()).isEqualTo("KILLED");
    }
  }

  @Test
  void aSignalEndsTheRunAsKilledAndTheTrainingIsNotDisturbed() throws Exception {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Process process = start(output, ProcessBuilder.Redirect.to(errors.toFile()));
    while (Files.size(output) < 1000) {
      Thread.sleep(10);
    }
    process.destroy();
    assertThat(process.waitFor()).isEqualTo(128 + 15);
    RunFolder run = new RunFolder(folder.resolve("spool/victim"));
    assertThat(JournalState.of(run.journal()).ended()).isTrue();
    assertThat(Files.readString(run.journal())).endsWith("\"end\":\"KILLED\"}\n");
    assertThat(Files.readString(errors)).doesNotContain("Exception");
  }

  private Process start(Path output) throws Exception {
    return start(output, ProcessBuilder.Redirect.INHERIT);
  }

  private Process start(Path output, ProcessBuilder.Redirect errors) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            KillVictim.class.getName(),
            folder.resolve("spool").toString(),
            folder.resolve("checkpoint").toString())
        .redirectOutput(output.toFile())
        .redirectError(errors)
        .start();
  }

  /** Time and step of what was told after a step. The last line may be torn. */
  private static List<long[]> lost(Path output, long journalled) throws Exception {
    List<String> lines = Files.readAllLines(output);
    return lines.subList(0, lines.size() - 1).stream()
        .map(line -> line.split(" ", -1))
        .filter(line -> line.length == 2)
        .map(line -> new long[] {Long.parseLong(line[0]), Long.parseLong(line[1])})
        .filter(line -> line[1] > journalled)
        .toList();
  }
}
