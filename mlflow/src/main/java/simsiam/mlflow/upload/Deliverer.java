package simsiam.mlflow.upload;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import simsiam.mlflow.RemoteRun;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.Backlog;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;

/** The uploaders of a process: one for data, one for files. */
public final class Deliverer implements Closeable {
  private static final long POLL_MS = 20;
  private static final int POLLS_PER_HURRY = 10;

  /** A wait of which the user is told. */
  private static final Duration NOTICED = Duration.ofSeconds(1);

  /** Newer servers show the menus of language-model work unless told otherwise. */
  private static final String VIEW = "?workflowType=machine_learning";

  private final SendLocks locks;
  private final BlockedRuns blocked;
  private final List<Uploader> uploaders;
  private volatile boolean left;

  private Deliverer(SendLocks locks, BlockedRuns blocked, List<Uploader> uploaders) {
    this.locks = locks;
    this.blocked = blocked;
    this.uploaders = uploaders;
  }

  /**
   * How long to wait for what is sent.
   *
   * @param most in all
   * @param silence without a sign of life of the server
   */
  public record Patience(Duration most, Duration silence) {}

  /** Starts to send everything in the spool. */
  public static Deliverer start(Spool spool, ServerSource source, UploadLimits limits)
      throws IOException {
    SendLocks locks = new SendLocks();
    BlockedRuns blocked = new BlockedRuns(limits.maxBackoff());
    Deliverer deliverer =
        new Deliverer(
            locks,
            blocked,
            List.of(
                new Uploader(source, new DataSender(spool, blocked), locks, limits, blocked),
                new Uploader(source, new FileSender(), locks, limits, blocked)));
    deliverer.add(spool.runs());
    return deliverer;
  }

  /** Takes runs into care. */
  public void add(List<RunFolder> runs) {
    uploaders.forEach(uploader -> uploader.add(runs));
  }

  /**
   * Waits for a first good answer.
   *
   * @param told is told once, with what keeps it from coming, if it takes a while
   */
  public boolean awaitServer(Duration limit, Consumer<String> told) throws InterruptedException {
    long begin = System.nanoTime();
    Notice notice = new Notice(begin, told);
    while (!uploaders.get(0).trouble().isEmpty()) {
      if (isWithoutServer() || System.nanoTime() - begin > limit.toNanos()) {
        return false;
      }
      notice.tell(uploaders.get(0).trouble());
      Thread.sleep(POLL_MS);
    }
    return true;
  }

  /** Tells the user once what a wait is for, if it becomes one. */
  private static final class Notice {
    private final long begin;
    private Optional<Consumer<String>> told;

    Notice(long begin, Consumer<String> told) {
      this.begin = begin;
      this.told = Optional.of(told);
    }

    void tell(String trouble) {
      if (told.isPresent() && System.nanoTime() - begin > NOTICED.toNanos()) {
        told.get().accept(trouble);
        told = Optional.empty();
      }
    }
  }

  /** Sends what the runs have journalled by now. */
  public FlushReport flush(List<RunFolder> runs, Duration limit, long lost)
      throws InterruptedException {
    return flush(runs, new Patience(limit, limit), lost, trouble -> {});
  }

  /**
   * Sends what the runs have journalled by now, until {@link #leave} at the latest.
   *
   * @param told is told once, with what keeps the data from being sent or empty text, if it takes a
   *     while
   */
  public FlushReport flush(
      List<RunFolder> runs, Patience patience, long lost, Consumer<String> told)
      throws InterruptedException {
    left = false;
    long begin = System.nanoTime();
    deliver(
        runs,
        told,
        () -> {
          long now = System.nanoTime();
          long alive = uploaders.stream().mapToLong(u -> now - u.alive()).min().orElseThrow();
          return left
              || now - begin > patience.most().toNanos()
              || Math.min(now - begin, alive) > patience.silence().toNanos();
        });
    return report(runs, lost);
  }

  /** Ends a wait for what is sent, now. */
  public void leave() {
    left = true;
  }

  /** Sends what the runs have journalled, as long as the server does not fail for too long. */
  public FlushReport settle(List<RunFolder> runs, Duration patience, Consumer<String> told)
      throws InterruptedException {
    AtomicLong well = new AtomicLong(System.nanoTime());
    deliver(
        runs,
        told,
        () -> {
          long now = System.nanoTime();
          well.set(trouble().isEmpty() ? now : well.get());
          return now - well.get() > patience.toNanos();
        });
    return report(runs, 0);
  }

  private void deliver(List<RunFolder> runs, Consumer<String> told, BooleanSupplier over)
      throws InterruptedException {
    List<RunFolder> unsent = new ArrayList<>(runs);
    Notice notice = new Notice(System.nanoTime(), told);
    uploaders.forEach(Uploader::hasten);
    try {
      for (int poll = 0; ; poll++) {
        dropDone(unsent);
        if (unsent.isEmpty() || isWithoutServer() || over.getAsBoolean()) {
          return;
        }
        notice.tell(trouble());
        hurry(poll);
      }
    } finally {
      uploaders.forEach(Uploader::relax);
    }
  }

  /** Lets no uploader linger, as one may wait for what the other has just sent. */
  private void hurry(int poll) throws InterruptedException {
    if (poll % POLLS_PER_HURRY == 0) {
      uploaders.forEach(Uploader::hurry);
    }
    Thread.sleep(POLL_MS);
  }

  private void dropDone(List<RunFolder> runs) {
    Optional<ServerAddress> server = server();
    while (server.isPresent() && !runs.isEmpty()) {
      RunFolder run = runs.get(0);
      if (!blocked.isDone(run, run.delivery(server.get().key()))) {
        return;
      }
      runs.remove(0);
    }
  }

  private FlushReport report(List<RunFolder> runs, long lost) {
    Backlog all = Backlog.none();
    // Without a server ever seen, nothing was delivered: any key will do.
    String key = server().map(ServerAddress::key).orElse("none");
    List<String> stuck = new ArrayList<>();
    for (RunFolder run : runs) {
      Optional<String> reason = blocked.reason(run);
      try {
        all = all.plus(Backlog.of(run, run.delivery(key)));
      } catch (IOException e) {
        reason = reason.or(() -> Optional.of(BlockedRuns.reason(e)));
      }
      reason.ifPresent(why -> stuck.add(run.uid() + ": " + why));
    }
    return new FlushReport(all.sent(), all.waiting(), all.quarantined(), lost, stuck, trouble());
  }

  /** What keeps the uploaders from sending, or empty. */
  public String trouble() {
    return uploaders.stream()
        .map(Uploader::trouble)
        .filter(trouble -> !trouble.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** The run's page in the UI. */
  public Optional<String> url(RunFolder run) throws IOException {
    return remote(run).map(remote -> experiment(remote) + "/" + remote.runId() + VIEW);
  }

  /** The list of the runs in the run's experiment. */
  public Optional<String> experimentUrl(RunFolder run) throws IOException {
    return remote(run).map(remote -> experiment(remote) + VIEW);
  }

  private Optional<RemoteRun> remote(RunFolder run) throws IOException {
    Optional<ServerAddress> server = server();
    return server.isPresent() ? run.delivery(server.get().key()).run() : Optional.empty();
  }

  private String experiment(RemoteRun run) {
    return serverUrl().orElseThrow() + "/#/experiments/" + run.experimentId() + "/runs";
  }

  /** The server's address. */
  public Optional<String> serverUrl() {
    return server().map(server -> server.uri().toString());
  }

  private Optional<ServerAddress> server() {
    return uploaders.get(0).server();
  }

  private boolean isWithoutServer() {
    return uploaders.stream().anyMatch(Uploader::isWithoutServer);
  }

  @Override
  public void close() throws IOException {
    for (Uploader uploader : uploaders) {
      uploader.close();
    }
    locks.close();
  }
}
