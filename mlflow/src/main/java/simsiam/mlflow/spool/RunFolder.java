package simsiam.mlflow.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import simsiam.mlflow.lock.ProcessLock;

/**
 * A run's folder in the spool: {@code journal.jsonl}, copies of logged files in {@code files/}, and
 * for each server {@code server-*} with the run's id there, how far the journal was sent, and what
 * the server refused ({@code quarantine.jsonl}).
 */
public record RunFolder(Path path) {
  static final String JOURNAL = "journal.jsonl";

  private static final int TAIL = 256;

  /** Far longer than it takes to read a journal. */
  private static final Duration GLANCE = Duration.ofSeconds(5);

  private static final long POLL_NANOS = 10_000_000;

  /** The run's uid. */
  public String uid() {
    return path.getFileName().toString().replace('+', ':');
  }

  /** The run's journal. */
  public Path journal() {
    return path.resolve(JOURNAL);
  }

  /** Where copies of logged files wait for their upload. */
  public Path files() {
    return path.resolve("files");
  }

  /** Held by the process that writes the journal. */
  public Optional<ProcessLock> tryOwn() throws IOException {
    return ProcessLock.tryAcquire(path.resolve("owner.lock"));
  }

  /**
   * The same after waiting for those who own a run only to see whether it was left open, as {@link
   * StaleRuns} does; empty if the owner stays.
   */
  public Optional<ProcessLock> own() throws IOException {
    long deadline = System.nanoTime() + GLANCE.toNanos();
    Optional<ProcessLock> got = tryOwn();
    while (got.isEmpty()
        && System.nanoTime() < deadline
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(POLL_NANOS);
      got = tryOwn();
    }
    return got;
  }

  /** Held by the process that sends the journal. */
  public Optional<ProcessLock> trySend() throws IOException {
    return ProcessLock.tryAcquire(path.resolve("sender.lock"));
  }

  /** What is known about the run at a server. */
  public Delivery delivery(String serverKey) {
    return new Delivery(path.resolve("server-" + serverKey));
  }

  /**
   * Whether the journal's end does not look like that of an ended run: a quick look that spares
   * reading it whole.
   */
  public boolean mayBeUnended() throws IOException {
    try (FileChannel channel = FileChannel.open(journal(), StandardOpenOption.READ)) {
      ByteBuffer tail = ByteBuffer.allocate(TAIL);
      channel.read(tail, Math.max(0, channel.size() - TAIL));
      String text = new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8);
      String last = text.substring(text.lastIndexOf('\n', text.length() - 2) + 1);
      return !last.contains("\"end\":\"");
    }
  }
}
