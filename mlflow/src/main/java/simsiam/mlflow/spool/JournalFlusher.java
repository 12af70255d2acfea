package simsiam.mlflow.spool;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that moves all open journals to disk: written every 200 ms, forced every second. */
public final class JournalFlusher implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFlusher.class);
  private static final long WRITE_MS = 200;
  private static final int WRITES_PER_FORCE = 5;

  private final Set<Journal> journals = ConcurrentHashMap.newKeySet();
  private final Set<Journal> failing = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::loop, "tracking-journal");
  private final CountDownLatch stop = new CountDownLatch(1);

  public JournalFlusher() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes a journal into care. */
  public void add(Journal journal) {
    journals.add(journal);
  }

  /** Lets a journal go; the caller closes it. */
  public void remove(Journal journal) {
    journals.remove(journal);
    failing.remove(journal);
  }

  private void loop() {
    for (int round = 1; !stopped(); round++) {
      for (Journal journal : journals) {
        flush(journal, round % WRITES_PER_FORCE == 0);
      }
    }
  }

  /** Waits for the next round; whether there is none. */
  private boolean stopped() {
    try {
      return stop.await(WRITE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void flush(Journal journal, boolean force) {
    try {
      journal.write();
      if (force) {
        journal.force();
      }
      if (failing.remove(journal)) {
        LOG.warn("Journal {} is written again; entries lost: {}", journal.path(), journal.lost());
      }
    } catch (IOException e) {
      // Kept in memory and tried again in the next round: a full disk may be cleared.
      if (journals.contains(journal) && failing.add(journal)) {
        LOG.error("Cannot write the journal {}: {}", journal.path(), e.toString());
      }
    }
  }

  /** Without an interruption: one in the midst of a write would close the journal's file. */
  @Override
  public void close() {
    stop.countDown();
  }
}
