package simsiam.pipelines.stage.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import simsiam.mlflow.lock.LockHolder;

/**
 * The process of an invocation.
 *
 * @param processStarted ISO-8601; tells a process from a later one with the same pid
 * @param since ISO-8601; when the invocation began
 */
record InvocationProcess(long pid, String host, String processStarted, String since) {
  static InvocationProcess self() {
    ProcessHandle self = ProcessHandle.current();
    return new InvocationProcess(
        self.pid(),
        LockHolder.thisHost(),
        started(self),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  boolean onThisHost() {
    return host.equals(LockHolder.thisHost());
  }

  /** Whether the process is still there; to be asked on its own host only. */
  boolean alive() {
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    return process.isPresent() && started(process.get()).equals(processStarted);
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }
}
