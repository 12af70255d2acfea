package simsiam.mlflow.upload;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.NoServerException;
import simsiam.mlflow.ServerSource;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.RunFolder;

/**
 * The thread that keeps one lane of all runs delivered. Nothing it meets ends it or reaches its
 * caller: failures are retried for ever (see {@link Backoff}), the journal being the queue.
 */
public final class Uploader implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Uploader.class);

  /** Each time it sends it costs a few milliseconds of processor time, however much there is. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  private final ServerSource source;
  private final RunSender sender;
  private final SendLocks locks;
  private final UploadLimits limits;
  private final Backoff backoff;
  private final Set<RunFolder> runs = new CopyOnWriteArraySet<>();
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile Connection connection;
  private boolean checked;
  private volatile String trouble = "not connected yet";
  private volatile boolean permanent;
  private volatile boolean stopped;

  public Uploader(ServerSource source, RunSender sender, SendLocks locks, UploadLimits limits) {
    this.source = source;
    this.sender = sender;
    this.locks = locks;
    this.limits = limits;
    this.backoff = new Backoff(limits.maxBackoff(), ThreadLocalRandom.current());
    this.thread =
        new Thread(this::loop, "tracking-" + sender.lane().name().toLowerCase(Locale.ROOT));
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes runs into care, in this order. */
  public void add(List<RunFolder> more) {
    runs.addAll(more);
    hurry();
  }

  /** Sends now what waits to be sent in larger batches. */
  public void hurry() {
    wake.release();
  }

  /** The server, once connected. */
  public Optional<ServerAddress> server() {
    return Optional.ofNullable(connection).map(Connection::server);
  }

  /** What keeps it from sending, or empty if nothing does. */
  public String trouble() {
    return trouble;
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
    }
  }

  private Duration round() throws InterruptedException {
    try {
      connect();
      boolean sent = true;
      while (sent && !stopped) {
        sent = false;
        for (RunFolder run : runs) {
          sent |= drain(run);
        }
      }
      recovered();
      return LINGER;
    } catch (NoServerException e) {
      permanent = true;
      trouble = e.getMessage();
      return Duration.ZERO;
    } catch (IOException e) {
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
      next = Connection.to(server, limits.timeout());
      connection = next;
      checked = false;
      trouble = "no answer yet from " + server.uri();
    }
    next.rest().probe();
    if (!checked) {
      next.rest().probeApi();
      checked = true;
    }
  }

  private boolean drain(RunFolder run) throws IOException, InterruptedException {
    if (!locks.hold(run)) {
      return false; // Another process sends it.
    }
    boolean sent = false;
    while (!stopped && sender.step(run, connection) == RunSender.Outcome.SENT) {
      sent = true;
      recovered();
    }
    return sent;
  }

  private void recovered() {
    if (backoff.isOpen()) {
      LOG.info("{} are sent to {} again", what(), connection.server().uri());
    }
    backoff.succeeded();
    trouble = "";
  }

  private Duration failed(IOException e) {
    if (stopped) {
      return Duration.ZERO;
    }
    Duration wait = backoff.failed(e);
    trouble = String.valueOf(e.getMessage());
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
      thread.join(limits.timeout().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
