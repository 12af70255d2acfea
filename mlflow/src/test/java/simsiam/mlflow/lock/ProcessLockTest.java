package simsiam.mlflow.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessLockTest {
  private static final String SELF =
      "process " + ProcessHandle.current().pid() + " on \\S+, since \\S+:\\d\\dZ";

  @TempDir private Path folder;
  private Path file;
  private Path note;

  @BeforeEach
  void name() {
    file = folder.resolve("x.lock");
    note = folder.resolve("x.lock.holder");
  }

  private static ProcessLock take(Path file) throws IOException {
    return ProcessLock.tryAcquire(file).orElseThrow();
  }

  @Test
  void isFreeAgainAfterItIsGivenBackAndLeavesNoNote() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (ProcessLock lock = take(file)) {
        assertThat(lock.takenOver()).isEmpty();
        assertThat(lock.isHeld()).isTrue();
        assertThat(Files.readString(note).strip()).matches(SELF);
      }
      assertThat(folder)
          .isDirectoryContaining(path -> path.equals(file))
          .isDirectoryNotContaining(path -> !path.equals(file));
    }
  }

  /**
   * What the garbage collector closes would give the lock to others, and its key to another file.
   */
  @Test
  void aLockThatIsForgottenStaysHeld() throws Exception {
    forget();
    String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(50);
    }

    assertThat(Files.readAllLines(Path.of("/proc/locks"))).anyMatch(line -> line.contains(inode));
    assertThat(ProcessLock.tryAcquire(file)).isEmpty();
  }

  private void forget() throws IOException {
    assertThat(ProcessLock.tryAcquire(file)).isPresent();
  }

  @Test
  void aSecondTakerIsRefusedAndToldWhoHoldsItAndSinceWhen() throws Exception {
    List<String> told = new ArrayList<>();
    try (ProcessLock lock = take(file)) {
      assertThat(ProcessLock.tryAcquire(file)).isEmpty();
      assertThatThrownBy(() -> ProcessLock.acquire(file, Duration.ofMillis(150), told::add))
          .isInstanceOf(IOException.class)
          .hasMessageMatching(
              "Cannot lock .*x.lock: expected it free within 0 s, got it held by " + SELF);
      assertThat(lock.isHeld()).isTrue();
    }
    assertThat(told).singleElement().asString().matches(SELF);
  }

  @Test
  void linksToTheFileAreTheSameLock() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    Path lockFile = real.resolve("x.lock");
    try (ProcessLock lock = take(link.resolve("x.lock"))) {
      Path hard = Files.createLink(real.resolve("hard.lock"), lockFile);
      for (Path name : List.of(lockFile, real.resolve("../real/x.lock"), hard)) {
        assertThat(ProcessLock.tryAcquire(name)).as(name.toString()).isEmpty();
      }
      assertThat(OtherProcess.canLock(lockFile)).as("another process, meanwhile").isFalse();
      assertThat(lock.isHeld()).isTrue();
    }
    assertThat(OtherProcess.canLock(lockFile)).isTrue();
  }

  @Test
  void aWaiterGetsItWhenTheHolderLetsGo() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      ProcessLock first = take(file);
      Future<ProcessLock> second = threads.submit(() -> ProcessLock.acquire(file, holder -> {}));
      TimeUnit.MILLISECONDS.sleep(250);
      assertThat(second).isNotDone();
      first.close();
      try (ProcessLock got = second.get(10, TimeUnit.SECONDS)) {
        assertThat(got.isHeld()).isTrue();
        first.close(); // once more: must not touch the lock that is another's now
        assertThat(ProcessLock.tryAcquire(file)).isEmpty();
        assertThat(note).exists();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** With another host's name: a container that was started again. */
  @Test
  void whatADeadHolderLeftIsTakenOverAndItsNameTold() throws Exception {
    String dead = "process 1 on d41d8cd98f00, since 2026-01-02T03:04:05Z";
    Files.writeString(note, dead + "\n");

    try (ProcessLock lock = take(file)) {
      assertThat(lock.takenOver()).contains(dead);
      assertThat(Files.readString(note).strip()).matches(SELF);
    }
    try (ProcessLock lock = take(file)) {
      assertThat(lock.takenOver()).as("told once").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0000\u0000", "{\"pid\": 1", "process 1 on a b, since never"})
  void garbageIsTakenOver(String garbage) throws Exception {
    Files.writeString(note, garbage.repeat(300));
    Files.writeString(file, garbage);

    try (ProcessLock lock = take(file)) {
      assertThat(lock.takenOver()).contains("a process that left no name");
    }
    try (ProcessLock lock = take(file)) {
      assertThat(lock.takenOver()).as("told once").isEmpty();
    }
  }

  /** It kept its note in the locked file, and emptied that when it gave the lock back. */
  @Test
  void theFileOfAnEarlierReleaseDoesNoHarm() throws Exception {
    Files.writeString(
        file,
        """
        { "host" : "elsewhere", "pid" : 1, "process_started" : "unknown",
          "since" : "2026-01-02T03:04:05Z" }
        """);

    try (ProcessLock lock = take(file)) {
      assertThat(lock.takenOver()).contains("a process that left no name");
      assertThat(file).as("which an earlier release would take for a holder").isEmptyFile();
    }
  }

  @Test
  void anotherProcessIsWaitedForThoughItLeftNoNote() throws Exception {
    try (OtherProcess other = OtherProcess.locking(file)) {
      assertThatThrownBy(() -> ProcessLock.acquire(file, Duration.ZERO, holder -> {}))
          .hasMessageEndingWith("got it held by another process");
      other.kill();
      try (ProcessLock lock = ProcessLock.acquire(file, Duration.ofSeconds(10), holder -> {})) {
        assertThat(lock.isHeld()).isTrue();
      }
    }
  }

  @Test
  void aFileSystemWithoutLocksIsNamed() throws Exception {
    try (ChannelWithoutLocks channel = new ChannelWithoutLocks("No locks available")) {
      assertThatThrownBy(() -> ProcessLock.lock(channel, file))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Cannot lock %s: expected a file system with locks between processes, got: No locks"
                      .formatted(file)
                  + " available. Choose a folder on a local disk, or mount this one with locks");
    }
  }

  @Test
  void aFailureLeavesItFree() throws Exception {
    Files.createDirectories(note.resolve("in the way"));
    assertThatThrownBy(() -> ProcessLock.tryAcquire(file)).isInstanceOf(IOException.class);
    assertThat(OtherProcess.canLock(file)).isTrue();
    Files.delete(note.resolve("in the way"));
    Files.delete(note);
    take(file).close();
  }
}
