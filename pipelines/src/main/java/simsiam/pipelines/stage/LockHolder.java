package simsiam.pipelines.stage;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The process that holds a lock.
 *
 * @param processStarted ISO-8601; tells a process from a later one with the same pid
 * @param since ISO-8601; when the lock was taken
 */
record LockHolder(long pid, String host, String processStarted, String since) {
  static LockHolder self() throws IOException {
    ProcessHandle self = ProcessHandle.current();
    return new LockHolder(
        self.pid(),
        InetAddress.getLocalHost().getHostName(),
        started(self),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  boolean onThisHost() throws IOException {
    return host.equals(InetAddress.getLocalHost().getHostName());
  }

  /** Whether the process is still there; to be asked on its own host only. */
  boolean alive() {
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    return process.isPresent() && started(process.get()).equals(processStarted);
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }

  @Override
  public String toString() {
    return "process " + pid + " on " + host + ", since " + since;
  }
}
