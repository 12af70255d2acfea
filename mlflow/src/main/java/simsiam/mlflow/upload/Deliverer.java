package simsiam.mlflow.upload;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simsiam.mlflow.FlushReport;
import simsiam.mlflow.ServerSource;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.spool.Backlog;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.Delivery.RemoteRun;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;

/** The uploaders of a process: one for data, one for files. */
public final class Deliverer implements Closeable {
  private static final long POLL_MS = 20;
  private static final int POLLS_PER_HURRY = 25;

  /** Newer servers show the menus of language-model work unless told otherwise. */
  private static final String VIEW = "?workflowType=machine_learning";

  private final SendLocks locks;
  private final List<Uploader> uploaders;

  private Deliverer(SendLocks locks, List<Uploader> uploaders) {
    this.locks = locks;
    this.uploaders = uploaders;
  }

  /** Starts to send everything in the spool. */
  public static Deliverer start(Spool spool, ServerSource source, UploadLimits limits)
      throws IOException {
    SendLocks locks = new SendLocks();
    Deliverer deliverer =
        new Deliverer(
            locks,
            List.of(
                new Uploader(source, new DataSender(spool), locks, limits),
                new Uploader(source, new FileSender(), locks, limits)));
    deliverer.add(spool.runs());
    return deliverer;
  }

  /** Takes runs into care. */
  public void add(List<RunFolder> runs) {
    uploaders.forEach(uploader -> uploader.add(runs));
  }

  /** Waits for a first good answer. */
  public boolean awaitServer(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!uploaders.get(0).trouble().isEmpty()) {
      if (isWithoutServer() || System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL_MS);
    }
    return true;
  }

  /** Sends what the runs have journalled by now. */
  public FlushReport flush(List<RunFolder> runs, Duration limit, long lost)
      throws IOException, InterruptedException {
    deliver(runs, limit, false);
    return report(runs, lost);
  }

  /** Sends what the runs have journalled, as long as the server does not fail for too long. */
  public FlushReport settle(List<RunFolder> runs, Duration patience)
      throws IOException, InterruptedException {
    deliver(runs, patience, true);
    return report(runs, 0);
  }

  /**
   * @param renewed whether the time begins anew with each look that finds the server well
   */
  private void deliver(List<RunFolder> runs, Duration time, boolean renewed)
      throws IOException, InterruptedException {
    List<RunFolder> unsent = new ArrayList<>(runs);
    long deadline = System.nanoTime() + time.toNanos();
    uploaders.forEach(Uploader::hasten);
    try {
      for (int poll = 0; ; poll++) {
        dropSent(unsent);
        if (renewed && trouble().isEmpty()) {
          deadline = System.nanoTime() + time.toNanos();
        }
        if (unsent.isEmpty() || isWithoutServer() || System.nanoTime() > deadline) {
          return;
        }
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

  private void dropSent(List<RunFolder> runs) throws IOException {
    Optional<ServerAddress> server = server();
    while (server.isPresent() && !runs.isEmpty()) {
      RunFolder run = runs.get(0);
      Delivery delivery = run.delivery(server.get().key());
      if (!Backlog.isSent(run, delivery)) {
        return;
      }
      runs.remove(0);
    }
  }

  private FlushReport report(List<RunFolder> runs, long lost) throws IOException {
    Backlog all = Backlog.none();
    // Without a server ever seen, nothing was delivered: any key will do.
    String key = server().map(ServerAddress::key).orElse("none");
    for (RunFolder run : runs) {
      all = all.plus(Backlog.of(run, run.delivery(key)));
    }
    return new FlushReport(all.sent(), all.waiting(), all.quarantined(), lost, trouble());
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
