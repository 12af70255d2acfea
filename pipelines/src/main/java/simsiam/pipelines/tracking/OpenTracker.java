package simsiam.pipelines.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.client.RunRequest;
import simsiam.mlflow.client.TrackedRun;
import simsiam.mlflow.client.Tracking;
import simsiam.mlflow.client.TrackingMode;
import simsiam.mlflow.client.TrackingSettings;
import simsiam.mlflow.spool.FlushReport;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.redact.Redaction;
import simsiam.pipelines.sweep.SweepTracking;

/** The tracker of a workspace while a command logs to it. */
final class OpenTracker {
  private static final Logger log = LoggerFactory.getLogger(OpenTracker.class);

  /** How long a server that takes what is left is waited for, or one that is being started. */
  private static final Duration LAST_FLUSH = Duration.ofSeconds(60);

  /** How long one is that gives no sign of life. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /** Of what is told in the end of an interrupted process. */
  private static final Duration INTERRUPTED_FLUSH = Duration.ofSeconds(3);

  private final Path workspace;
  private final Path spool;
  private final Consumer<String> notes;
  private final Tracking tracking;

  private OpenTracker(Path workspace, Path spool, Consumer<String> notes, Tracking tracking) {
    this.workspace = workspace;
    this.spool = spool;
    this.notes = notes;
    this.tracking = tracking;
  }

  /**
   * Opens the tracker that a configuration names.
   *
   * @param notes takes lines that the user should see
   * @throws IOException if the spool cannot be written, or tracking.mode is required and no server
   *     answers
   */
  static OpenTracker of(RunConfig config, Path workspace, Consumer<String> notes)
      throws IOException {
    TrackingServer server = new TrackingServer(workspace, config.tracking().uri());
    TrackingMode mode =
        Boolean.getBoolean(SweepTracking.JOURNALS)
            ? TrackingMode.OFFLINE
            : TrackingMode.valueOf(config.tracking().mode().name());
    try {
      Tracking tracking =
          Tracking.open(
              TrackingSettings.of(server.spool(), mode, server.source(notes)),
              Redaction::text,
              trouble ->
                  notes.accept(
                      "Tracking: waiting for the server, as tracking.mode is required: "
                          + trouble));
      tracking.endedByCaller(); // an interrupted stage still logs while it saves its work
      return new OpenTracker(workspace, server.spool(), notes, tracking);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the tracking server", e);
    }
  }

  /** All parameters of a configuration, as each of its runs has them. */
  static Map<String, String> params(RunConfig config) {
    Map<String, String> params = new LinkedHashMap<>();
    ConfigValues.all(config).forEach((key, value) -> params.put(key, String.valueOf(value)));
    return params;
  }

  /** Where it is noted which run made a stage's output. */
  Path stageRuns() {
    return stageRuns(spool);
  }

  static Path stageRuns(Path spool) {
    return spool.resolve("stages");
  }

  TrackedRun startRun(RunRequest request) throws IOException {
    return tracking.startRun(request);
  }

  /** Takes into care what other processes have journalled. */
  void adopt() throws IOException {
    tracking.adopt();
  }

  /** Ends a wait of {@link #close} in another thread. */
  void leave() {
    tracking.leave();
  }

  /**
   * Ends a run, sends what is left, within seconds, and lets go of the server.
   *
   * @param hurried whether the process has been asked to end
   * @param sends whether what is left is waited for; else another process sends it
   * @return the run's page, if it is at a server
   */
  Optional<String> close(
      String uid, TrackedRun run, RunStatus status, boolean hurried, boolean sends) {
    Optional<String> url = Optional.empty();
    try {
      run.close(status);
      if (sends) {
        report(
            tracking.flush(
                hurried ? INTERRUPTED_FLUSH : LAST_FLUSH,
                hurried ? INTERRUPTED_FLUSH : SILENCE,
                this::waits));
      }
      url = tracking.url(uid);
      tracking.close();
    } catch (IOException e) {
      notes.accept("Tracking: " + e.getMessage());
      log.warn("Cannot end tracking in order", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return url;
  }

  private void waits(String trouble) {
    notes.accept(
        trouble.isEmpty()
            ? "Tracking: sending what is left; Ctrl-C leaves it for the next run"
            : "Tracking: waiting a few seconds for the server, Ctrl-C leaves the rest for the next run: "
                + trouble);
  }

  private void report(FlushReport flushed) {
    flushed.blocked().forEach(run -> notes.accept("Tracking: cannot send run " + run));
    if (flushed.spooled() > 0) {
      notes.accept(
          String.format(
              Locale.ROOT,
              "Tracking: %,d entries wait in %s%s; the next run sends them, or: simsiam sync --workspace %s",
              flushed.spooled(),
              workspace.resolve("tracking"),
              flushed.trouble().isEmpty() ? "" : " (" + flushed.trouble() + ")",
              workspace));
    }
    if (flushed.quarantined() > 0 || flushed.lost() > 0) {
      notes.accept(
          String.format(
              Locale.ROOT,
              "Tracking: the server refused %,d values, see quarantine.jsonl below %s; %,d entries were lost to a full disk",
              flushed.quarantined(),
              workspace.resolve("tracking"),
              flushed.lost()));
    }
  }
}
