package simsiam.mlflow.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.client.RunRequest;
import simsiam.mlflow.client.TrackedRun;
import simsiam.mlflow.client.Tracking;
import simsiam.mlflow.client.TrackingSettings;
import simsiam.mlflow.lock.ProcessLock;

@Timeout(60)
class StaleRunsTest {
  @TempDir Path folder;

  /** Another process that starts looks through the runs and owns each while it reads it. */
  @Test
  void aRunThatIsBeingLookedAtIsContinuedAfterwards() throws Exception {
    RunFolder run = new Spool(folder).run("uid");
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(folder))) {
      tracking.startRun(RunRequest.of("uid", "experiment", "run")).close(RunStatus.FINISHED);
      CountDownLatch owned = new CountDownLatch(1);
      Thread looking =
          new Thread(
              () -> {
                try (ProcessLock ownership = run.tryOwn().orElseThrow()) {
                  assertThat(ownership.isHeld()).isTrue();
                  owned.countDown();
                  Thread.sleep(300);
                } catch (java.io.IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      looking.start();
      owned.await();

      TrackedRun continued = tracking.startRun(RunRequest.of("uid", "experiment", "run"));

      looking.join();
      continued.close(RunStatus.FINISHED);
    }
    assertThat(JournalState.of(run.journal()).ended()).isTrue();
  }

  @Test
  void anEndedRunIsNotEvenOwned() throws Exception {
    try (Tracking tracking = Tracking.open(TrackingSettings.offline(folder))) {
      tracking.startRun(RunRequest.of("uid", "experiment", "run")).close(RunStatus.FINISHED);
    }
    Path lock = new Spool(folder).run("uid").path().resolve("owner.lock");
    java.nio.file.Files.delete(lock);

    assertThat(StaleRuns.close(new Spool(folder))).isZero();

    assertThat(lock).as("made by who owns").doesNotExist();
  }
}
