package simsiam.mlflow.upload;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.mlflow.spool.RunFolder;

/** The runs that this process sends, so that no two processes send the same one at a time. */
public final class SendLocks implements Closeable {
  private final Map<RunFolder, ProcessLock> held = new HashMap<>();

  /** Whether this process sends the run, from now on. */
  public synchronized boolean hold(RunFolder run) throws IOException {
    if (held.containsKey(run)) {
      return true;
    }
    Optional<ProcessLock> lock = run.trySend();
    lock.ifPresent(got -> held.put(run, got));
    return lock.isPresent();
  }

  @Override
  public synchronized void close() throws IOException {
    for (ProcessLock lock : held.values()) {
      lock.close();
    }
    held.clear();
  }
}
