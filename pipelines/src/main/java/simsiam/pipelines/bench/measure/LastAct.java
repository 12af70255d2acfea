package simsiam.pipelines.bench.measure;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be done in the end, also when the program is asked to end before: a server would go on
 * running.
 */
public final class LastAct implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LastAct.class);

  /** What is done; once. */
  public @FunctionalInterface interface Act {
    void run() throws IOException, InterruptedException;
  }

  private final Act act;
  private final AtomicBoolean done = new AtomicBoolean();
  private final Thread hook = new Thread(this::atExit, "bench-end");

  public LastAct(Act act) {
    this.act = act;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void atExit() {
    try {
      run();
    } catch (IOException e) {
      LOG.warn("Cannot clean up after a benchmark", e);
    }
  }

  private void run() throws IOException {
    if (done.getAndSet(true)) {
      return;
    }
    // An interrupt that ended the measurement must not end this too.
    boolean interrupted = Thread.interrupted();
    try {
      act.run();
    } catch (InterruptedException e) {
      interrupted = true;
      throw new IOException("Interrupted while cleaning up after a benchmark", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() throws IOException {
    run();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The program is ending: {}", e.toString());
    }
  }
}
