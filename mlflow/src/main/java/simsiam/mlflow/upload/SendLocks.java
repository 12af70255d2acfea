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

  /**
   * Whether this process sends the run, from now on. When it begins to, what is known about the
   * server's side is put in order, before either lane acts on it.
   */
  public synchronized boolean hold(RunFolder run, String serverKey) throws IOException {
    if (held.containsKey(run)) {
      return true;
    }
    Optional<ProcessLock> lock = run.trySend();
    if (lock.isEmpty()) {
      return false;
    }
    boolean ready = false;
    try {
      run.delivery(serverKey).repair();
      held.put(run, lock.get());
      ready = true;
    } finally {
      if (!ready) {
        lock.get().close();
      }
    }
    return true;
  }

  @Override
  public synchronized void close() throws IOException {
    for (ProcessLock lock : held.values()) {
      lock.close();
    }
    held.clear();
  }
}
