package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceLockTest {
  @TempDir private Path folder;

  /** Leaves a lock file as a process would that was killed, or that does not lock files. */
  private Path left(ProcessHandle process) throws IOException {
    String started = process.info().startInstant().orElseThrow().toString();
    LockHolder holder =
        new LockHolder(process.pid(), LockHolder.self().host(), started, "2026-01-02T03:04:05Z");
    Path file = folder.resolve("x.lock");
    Json.write(file, holder);
    return file;
  }

  @Test
  void isFreeAgainAfterItIsGivenBack() throws Exception {
    Path file = folder.resolve("x.lock");
    for (int i = 0; i < 2; i++) {
      try (WorkspaceLock lock = WorkspaceLock.acquire(file, "stage b")) {
        assertThat(lock.takenOver()).isEmpty();
        assertThat(Files.readString(file)).contains("\"pid\" : " + ProcessHandle.current().pid());
      }
    }
  }

  @Test
  void aSecondTakerIsToldWhoHoldsItAndSinceWhen() throws Exception {
    Path file = folder.resolve("x.lock");
    try (WorkspaceLock lock = WorkspaceLock.acquire(file, "stage b")) {
      assertThat(lock.takenOver()).isEmpty();
      assertThatThrownBy(() -> WorkspaceLock.acquire(file, "stage b"))
          .isInstanceOf(LockedException.class)
          .hasMessageMatching(
              "Cannot run stage b: expected the workspace to be free, got a lock of process "
                  + ProcessHandle.current().pid()
                  + " on \\S+, since \\S+Z \\(.*x.lock; if that process is gone, delete the file\\)");
    }
  }

  @Test
  void whatADeadProcessLeftIsTakenOver() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    Path file = left(process.toHandle());
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

    try (WorkspaceLock lock = WorkspaceLock.acquire(file, "stage b")) {
      assertThat(lock.takenOver()).map(LockHolder::pid).contains(process.pid());
    }
  }

  @Test
  void aLiveProcessIsRespectedEvenWhereFilesCannotBeLocked() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    try {
      Path file = left(process.toHandle());

      assertThatThrownBy(() -> WorkspaceLock.acquire(file, "stage b"))
          .isInstanceOf(LockedException.class)
          .hasMessageContaining("process " + process.pid())
          .hasMessageContaining("since 2026-01-02T03:04:05Z");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aLaterProcessWithTheSamePidIsNotTheHolder() throws Exception {
    LockHolder self = LockHolder.self();
    Path file = folder.resolve("x.lock");
    Json.write(file, new LockHolder(self.pid(), self.host(), "2001-01-01T00:00:00Z", self.since()));

    try (WorkspaceLock lock = WorkspaceLock.acquire(file, "stage b")) {
      assertThat(lock.takenOver()).isPresent();
    }
  }

  @Test
  void aProcessOnAnotherHostCannotBeAskedAndIsRespected() throws Exception {
    Path file = folder.resolve("x.lock");
    Json.write(file, new LockHolder(1, "elsewhere", "unknown", "2026-01-02T03:04:05Z"));

    assertThatThrownBy(() -> WorkspaceLock.acquire(file, "stage b"))
        .hasMessageContaining("process 1 on elsewhere, since 2026-01-02T03:04:05Z");
  }
}
