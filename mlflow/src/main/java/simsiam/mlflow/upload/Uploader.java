package simsiam.mlflow.upload;

import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.rest.NoServerException;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.rest.UnavailableException;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.upload.RunSender.Outcome;

/**
 * The thread that keeps one lane of all runs delivered. Nothing it meets ends it or reaches its
 * caller: failures are retried for ever (see {@link Backoff}), the journal being the queue, and
 * those of one run (see {@link BlockedRuns}) do not concern the others. Unless somebody waits for
 * it, it leaves the processor to the training (see {@link Pace}).
 */
public final class Uploader implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Uploader.class);

  /** Each time it sends it costs a few milliseconds of processor time, however much there is. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  private static final int MOST_PATIENCE = 4;

  /** How long the thread may take to end: what it waits for ends at once when it is told to. */
  private static final Duration END = Duration.ofSeconds(5);

  private final ServerSource source;
  private final RunSender sender;
  private final SendLocks locks;
  private final UploadLimits limits;
  private final BlockedRuns blocked;
  private final Backoff backoff;
  private final Set<RunFolder> runs = new CopyOnWriteArraySet<>();
  private final Semaphore wake = new Semaphore(0);
  private final AtomicInteger awaited = new AtomicInteger();
  private final Pace pace = new Pace();
  private final Thread thread;
  private volatile Connection connection;
  private Duration patience;
  private boolean checked;
  private volatile String trouble = "not connected yet";
  private volatile boolean permanent;
  private volatile boolean stopped;

  Uploader(
      ServerSource source,
      RunSender sender,
      SendLocks locks,
      UploadLimits limits,
      BlockedRuns blocked) {
    this.source = source;
    this.sender = sender;
    this.locks = locks;
    this.limits = limits;
    this.blocked = blocked;
    this.patience = limits.timeout();
    this.backoff = new Backoff(limits.maxBackoff(), ThreadLocalRandom.current());
    this.thread =
        new Thread(this::loop, "tracking-" + sender.lane().name().toLowerCase(Locale.ROOT));
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes runs into care. */
  public void add(List<RunFolder> more) {
    runs.addAll(more);
    hurry();
  }

  /** Sends now what waits to be sent in larger batches. */
  public void hurry() {
    wake.release();
  }

  /** Sends as fast as it can until {@link #relax} is called as often. */
  void hasten() {
    awaited.incrementAndGet();
    hurry();
  }

  /** Takes back one call of {@link #hasten}. */
  void relax() {
    awaited.decrementAndGet();
  }

  /** The server, once connected. */
  public Optional<ServerAddress> server() {
    return Optional.ofNullable(connection).map(Connection::server);
  }

  /** What keeps it from sending, or empty if nothing does. */
  public String trouble() {
    return trouble;
  }

  /**
   * When the server last showed that it is alive, as {@link System#nanoTime}: now while it is being
   * started or installed, long ago if it never did.
   */
  long alive() {
    if (source.isStarting()) {
      return System.nanoTime();
    }
    Connection now = connection;
    return now == null ? System.nanoTime() - Long.MAX_VALUE / 2 : now.rest().active();
  }

  /** Whether there will be no server in this process. */
  public boolean isWithoutServer() {
    return permanent;
  }

  private void loop() {
    try {
      while (!stopped && !permanent) {
        pause(round());
      }
    } catch (InterruptedException e) {
      LOG.debug("{} stopped", thread.getName());
    } finally {
      if (!stopped && !permanent) { // An error of the machine, such as memory that ran out.
        trouble = "the thread that sends has ended, see the log";
        permanent = true;
      }
    }
  }

  private Duration round() throws InterruptedException {
    pace.begin();
    try {
      connect();
      boolean more = true;
      while (more) {
        more = sweep();
      }
      recovered();
      return LINGER;
    } catch (NoServerException e) {
      permanent = true;
      trouble = e.getMessage();
      return Duration.ZERO;
    } catch (IOException | RuntimeException e) {
      return failed(e);
    }
  }

  private void connect() throws IOException, InterruptedException {
    if (connection != null && !backoff.isOpen()) {
      return;
    }
    ServerAddress server = source.get();
    Connection next = connection;
    if (next == null || !next.server().equals(server)) {
      patience = limits.timeout();
      next = Connection.to(server, patience);
      checked = false;
      trouble = "no answer yet from " + server.uri();
    }
    connection = next.within(patience);
    connection.rest().probe();
    if (!checked) {
      connection.rest().probeApi();
      checked = true;
    }
  }

  /**
   * Sends what the runs have, the newest first: what is being logged comes before what earlier
   * processes left. A run with very much is left for a while, and the whole ends after a while, so
   * that the others and new ones are not kept waiting. Tells whether there is more to send; what
   * was logged meanwhile does not count, so that it goes in fewer requests.
   */
  private boolean sweep() throws IOException, InterruptedException {
    long end = System.nanoTime() + LINGER.toNanos();
    Set<Outcome> seen = EnumSet.noneOf(Outcome.class);
    List<RunFolder> newestFirst = new ArrayList<>(runs);
    Collections.reverse(newestFirst);
    for (RunFolder run : newestFirst) {
      long leave = Math.min(end, System.nanoTime() + LINGER.toNanos() / 2);
      Outcome last = Outcome.SENT;
      while (last == Outcome.SENT && !stopped && System.nanoTime() < leave) {
        last = send(run);
      }
      seen.add(last);
    }
    // What waits may have waited for what was sent.
    boolean mayGoOn = seen.containsAll(Set.of(Outcome.SENT_ALL, Outcome.WAITING));
    return !stopped && (seen.contains(Outcome.SENT) || mayGoOn);
  }

  private Outcome send(RunFolder run) throws IOException, InterruptedException {
    String server = connection.server().key();
    if (blocked.rests(run, sender.lane())) {
      return Outcome.IDLE;
    }
    Outcome outcome;
    try {
      if (!locks.hold(run, server)) {
        return Outcome.IDLE; // Another process sends it.
      }
      outcome = sender.step(run, connection);
    } catch (UnavailableException | HttpTimeoutException e) {
      throw e; // The server's trouble, which is that of all runs.
    } catch (IOException | RuntimeException e) {
      if (!stopped) {
        blocked.failed(run, sender.lane(), server, e);
      }
      return Outcome.IDLE;
    }
    if (outcome != Outcome.WAITING) {
      blocked.succeeded(run, sender.lane());
    }
    if (outcome == Outcome.SENT || outcome == Outcome.SENT_ALL) {
      recovered();
      rest();
    }
    return outcome;
  }

  private void rest() throws InterruptedException {
    if (awaited.get() == 0) {
      wake.tryAcquire(pace.rest().toMillis(), TimeUnit.MILLISECONDS);
    }
    pace.begin();
  }

  private void recovered() {
    if (backoff.isOpen()) {
      LOG.info("{} are sent to {} again", what(), connection.server().uri());
    }
    backoff.succeeded();
    trouble = "";
  }

  private Duration failed(Exception e) {
    if (stopped) {
      return Duration.ZERO;
    }
    Duration wait = backoff.failed(e);
    if (e instanceof HttpTimeoutException) {
      Duration most = limits.timeout().multipliedBy(MOST_PATIENCE);
      patience = patience.compareTo(most) < 0 ? patience.multipliedBy(2) : most;
    }
    trouble = BlockedRuns.reason(e);
    if (backoff.failures() == 1) {
      LOG.warn("{} wait in the spool until the server takes them: {}", what(), trouble);
    } else {
      LOG.debug("Attempt {} failed, next in {} ms", backoff.failures(), wait.toMillis(), e);
    }
    return wait;
  }

  private String what() {
    return sender.lane() == Delivery.Lane.DATA ? "Metrics" : "Files";
  }

  private void pause(Duration time) throws InterruptedException {
    if (backoff.isOpen()) {
      Thread.sleep(time.toMillis());
    } else {
      wake.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
    }
    wake.drainPermits();
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    thread.interrupt();
    try {
      thread.join(Math.min(END.toMillis(), limits.timeout().toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
