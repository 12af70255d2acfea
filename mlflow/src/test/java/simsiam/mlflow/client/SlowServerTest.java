package simsiam.mlflow.client;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.upload.UploadLimits;
import simsiam.mlflow.upload.Uploader;

/**
 * A real server whose every answer takes 30 seconds, against the limits that users have: takes a
 * minute and a half, and no processor.
 */
class SlowServerTest {
  private static final Duration DELAY = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir Path folder;
  private final RealServer server = RealServer.get();

  /** Collects what is said of one address. */
  private static final class Warnings extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final String about;
    private final Logger logger;

    Warnings(String about) throws InterruptedException {
      this.about = about;
      // While another thread starts the logging, there is only a stand-in.
      while (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext)) {
        Thread.sleep(10);
      }
      logger = (Logger) LoggerFactory.getLogger(Uploader.class);
      start();
      logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      String message = event.getFormattedMessage();
      if (event.getLevel().isGreaterOrEqual(Level.WARN) && message.contains(about)) {
        said.add(message);
      }
    }

    @Override
    public void close() {
      logger.detachAppender(this);
    }
  }

  @Test
  void answersThatTakeHalfAMinuteHoldUpNoTrainingAndEverythingArrivesOnce() throws Exception {
    Path picture = Files.write(folder.resolve("picture.png"), new byte[20_000]);
    try (FaultProxy proxy = new FaultProxy(server.address());
        Warnings warnings = new Warnings(proxy.address().uri().toString());
        Tracking tracking =
            Tracking.open(
                new TrackingSettings(
                    folder.resolve("spool"),
                    TrackingMode.AUTO,
                    ServerSource.fixed(proxy.address()),
                    Duration.ZERO,
                    UploadLimits.DEFAULT))) {
      TrackedRun run = tracking.startRun(RunRequest.of("slow", "slow", "run"));
      assertThat(tracking.flush(Duration.ofSeconds(30)).isComplete()).isTrue();
      String id = TrackingContractTest.runId(tracking, "slow");

      proxy.delay(DELAY);
      run.artifact(picture, "some");
      long steps = trainUntilSomethingIsSent(run);
      assertThat(warnings.said)
          .as("one for metrics, one for files")
          .hasSizeBetween(1, 2)
          .anyMatch(text -> text.startsWith("Metrics wait in the spool"))
          .allMatch(text -> text.contains("No answer from " + proxy.address().uri()))
          .allMatch(text -> text.contains("within 30 s"));

      proxy.mode(FaultProxy.Mode.PASS);
      run.close();
      FlushReport report = tracking.flush(Duration.ofMinutes(2));
      assertThat(report.isComplete()).as("%s", report).isTrue();
      Map<Long, Double> history = server.history(id, "step/loss");
      assertThat(history).hasSize((int) steps);
      history.forEach((step, value) -> assertThat(value).isEqualTo(1.0 / (step + 1)));
      try (org.mlflow.tracking.MlflowClient client = server.client()) {
        assertThat(client.sendGet("artifacts/list?path=some&run_id=" + id))
            .containsOnlyOnce("\"path\": \"some/picture.png\"")
            .contains("\"file_size\": 20000");
        assertThat(client.getRun(id).getInfo().getStatus().name()).isEqualTo("FINISHED");
      }
    }
  }

  /** Logs points while every answer is late, and returns how many; none may take long to log. */
  private long trainUntilSomethingIsSent(TrackedRun run) throws Exception {
    Delivery delivery =
        new RunFolder(folder.resolve("spool/slow")).delivery(server.address().key());
    long sent = delivery.offset(Delivery.Lane.DATA);
    long start = System.nanoTime();
    long longest = 0;
    long step = 0;
    while (delivery.offset(Delivery.Lane.DATA) == sent) {
      assertThat(isPast(start, PATIENCE)).as("nothing was sent in time").isFalse();
      long before = System.nanoTime();
      run.metric("step/loss", 1.0 / (step + 1), step);
      longest = Math.max(longest, System.nanoTime() - before);
      step++;
      Thread.sleep(5);
    }
    assertThat(Duration.ofNanos(longest)).as("to log a point").isLessThan(Duration.ofSeconds(2));
    return step;
  }

  private static boolean isPast(long start, Duration time) {
    return System.nanoTime() - start > time.toNanos();
  }
}
