package simsiam.mlflow.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.Journal;
import simsiam.mlflow.spool.JournalFlusher;
import simsiam.mlflow.spool.JournalState;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;
import simsiam.mlflow.spool.StaleRuns;
import simsiam.mlflow.upload.Deliverer;
import simsiam.mlflow.upload.Deliverer.Patience;

/**
 * Tracks runs with MLflow. Everything logged goes to a journal on disk at once and to the server
 * when there is one, so that neither a slow nor an absent server is felt by the caller.
 *
 * <p>Opening closes runs that a dead process left open, and starts to send what earlier processes
 * left in the spool. If the JVM is stopped by a signal, open runs are ended as killed.
 */
public final class Tracking implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Tracking.class);
  private static final Duration LAST_FLUSH = Duration.ofSeconds(3);

  private final Spool spool;
  private final UnaryOperator<String> shown;
  private final JournalFlusher flusher = new JournalFlusher();
  private final Optional<Deliverer> deliverer;
  private final Map<RunFolder, TrackedRun> open = new LinkedHashMap<>();
  private final List<RunFolder> started = new ArrayList<>();
  private final Thread shutdown = new Thread(this::killed, "tracking-shutdown");
  private long lost;

  private Tracking(Spool spool, Optional<Deliverer> deliverer, UnaryOperator<String> shown) {
    this.spool = spool;
    this.deliverer = deliverer;
    this.shown = shown;
  }

  /**
   * Opens the spool and starts to send.
   *
   * @throws IOException if the spool folder cannot be used, or if the mode is required and the
   *     server does not answer within the settings' patience
   */
  public static Tracking open(TrackingSettings settings) throws IOException, InterruptedException {
    return open(settings, text -> text, trouble -> {});
  }

  /**
   * Opens the spool and starts to send.
   *
   * @param shown what is journalled in place of the text of a parameter, tag, description or data
   *     set, which may hold a secret
   * @param told is told once, with the reason, if a required server keeps one waiting
   * @throws IOException if the spool folder cannot be used, or if the mode is required and the
   *     server does not answer within the settings' patience
   */
  public static Tracking open(
      TrackingSettings settings, UnaryOperator<String> shown, Consumer<String> told)
      throws IOException, InterruptedException {
    Files.createDirectories(settings.spool());
    Spool spool = new Spool(settings.spool());
    StaleRuns.close(spool);
    Optional<Deliverer> deliverer =
        settings.mode() == TrackingMode.OFFLINE
            ? Optional.empty()
            : Optional.of(Deliverer.start(spool, settings.server(), settings.limits()));
    Tracking tracking = new Tracking(spool, deliverer, shown);
    if (settings.mode() == TrackingMode.REQUIRED) {
      tracking.requireServer(settings.patience(), told);
    }
    Runtime.getRuntime().addShutdownHook(tracking.shutdown);
    return tracking;
  }

  private void requireServer(Duration patience, Consumer<String> told)
      throws IOException, InterruptedException {
    Deliverer required = deliverer.orElseThrow();
    if (!required.awaitServer(patience, told)) {
      String trouble = required.trouble();
      close();
      throw new IOException(
          "Cannot track: expected a tracking server within "
              + patience.toSeconds()
              + " s (tracking.mode: required), got: "
              + trouble);
    }
  }

  /**
   * Starts a run, or continues the run of an earlier process with the same uid.
   *
   * @throws IOException if its journal cannot be written, or another process writes it
   */
  public synchronized TrackedRun startRun(RunRequest request) throws IOException {
    RunFolder folder = spool.run(request.uid());
    Files.createDirectories(folder.path());
    ProcessLock ownership =
        folder
            .own()
            .orElseThrow(
                () ->
                    new IOException(
                        "Cannot start run "
                            + request.uid()
                            + ": expected no other writer, got one that is alive ("
                            + folder.path()
                            + ")"));
    boolean ready = false;
    try {
      JournalState state = JournalState.of(folder.journal());
      Journal journal = Journal.open(folder.journal(), state);
      TrackedRun run =
          new TrackedRun(
              folder,
              journal,
              ownership,
              state,
              request.description(),
              shown,
              () -> closing(folder));
      begin(request, state, journal, run);
      open.put(folder, run);
      ready = true;
      return run;
    } finally {
      if (!ready) {
        ownership.close();
      }
    }
  }

  private void begin(RunRequest request, JournalState state, Journal journal, TrackedRun run) {
    if (state.start().isEmpty()) {
      journal.append(
          new Entry.Start(
              request.uid(), request.experiment(), request.name(), request.parentUid()));
    } else {
      journal.append(new Entry.Resume(ProcessHandle.current().pid()));
    }
    run.params(request.params());
    run.tags(request.tags());
    if (!request.description().isEmpty()) {
      run.note(request.description());
    }
    onDisk(journal);
    flusher.add(journal);
    RunFolder folder = spool.run(request.uid());
    started.add(folder);
    deliverer.ifPresent(to -> to.add(List.of(folder)));
  }

  /** So that the run is there before another one that names it, and whose sender looks for it. */
  private static void onDisk(Journal journal) {
    try {
      journal.persist();
    } catch (IOException e) {
      LOG.debug("The journal is written later, as the flusher goes on trying: {}", e.toString());
    }
  }

  private synchronized void closing(RunFolder folder) {
    TrackedRun run = open.remove(folder);
    if (run != null) {
      lost += run.lost();
      run.leave(flusher);
    }
  }

  /**
   * Sends what waits, for at most the given time, and tells how far it came. Returns early if there
   * will be no server.
   */
  public FlushReport flush(Duration limit) throws IOException, InterruptedException {
    return flush(limit, limit, trouble -> {});
  }

  /**
   * Sends what waits, as {@link #flush(Duration)} does.
   *
   * @param limit for all of it
   * @param silence the longest wait without a sign of life of the server
   * @param told is told once, with what keeps the data from being sent or empty text, if it takes a
   *     while
   */
  public FlushReport flush(Duration limit, Duration silence, Consumer<String> told)
      throws IOException, InterruptedException {
    List<RunFolder> runs;
    long dropped;
    synchronized (this) {
      for (TrackedRun run : open.values()) {
        run.persist();
      }
      runs = List.copyOf(started);
      dropped = lost + open.values().stream().mapToLong(TrackedRun::lost).sum();
    }
    if (deliverer.isPresent()) {
      return deliverer.get().flush(runs, new Patience(limit, silence), dropped, told);
    }
    return FlushReport.offline(runs, dropped);
  }

  /** Ends a {@link #flush} that another thread waits in, at once; the rest stays in the spool. */
  public void leave() {
    deliverer.ifPresent(Deliverer::leave);
  }

  /** Takes into care what other processes have journalled in the spool since this was opened. */
  public synchronized void adopt() throws IOException {
    List<RunFolder> found = new ArrayList<>(spool.runs());
    found.removeAll(started);
    started.addAll(found);
    deliverer.ifPresent(to -> to.add(found));
  }

  /** The page of a run in MLflow's UI, once the run exists there. */
  public Optional<String> url(String uid) throws IOException {
    return deliverer.isPresent() ? deliverer.get().url(spool.run(uid)) : Optional.empty();
  }

  /** The list of the runs in a run's experiment, once the run exists there. */
  public Optional<String> experimentUrl(String uid) throws IOException {
    return deliverer.isPresent() ? deliverer.get().experimentUrl(spool.run(uid)) : Optional.empty();
  }

  /** The address of the server, once connected. */
  public Optional<String> serverUrl() {
    return deliverer.flatMap(Deliverer::serverUrl);
  }

  private void killed() {
    try {
      List<TrackedRun> runs;
      synchronized (this) {
        runs = List.copyOf(open.values());
      }
      for (TrackedRun run : runs) {
        run.kill();
      }
      if (!runs.isEmpty()) {
        flush(LAST_FLUSH);
      }
    } catch (IOException e) {
      LOG.error("Cannot end the open runs: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops sending; what has not been sent stays in the spool. Runs still open stay unended. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      for (TrackedRun run : open.values()) {
        run.persist();
      }
    }
    if (deliverer.isPresent()) {
      deliverer.get().close();
    }
    flusher.close();
    removeHook();
  }

  /**
   * Leaves it to the caller to end the open runs when the JVM is asked to end; without this they
   * are ended at once, whatever is still being logged.
   */
  public void endedByCaller() {
    removeHook();
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdown);
    } catch (IllegalStateException e) {
      LOG.debug("The JVM is shutting down: {}", e.toString());
    }
  }
}
