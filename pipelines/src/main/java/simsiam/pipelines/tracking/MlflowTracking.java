package simsiam.pipelines.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.FlushReport;
import simsiam.mlflow.RunRequest;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.TrackedRun;
import simsiam.mlflow.TrackingMode;
import simsiam.mlflow.TrackingSettings;
import simsiam.pipelines.config.ConfigValues;
import simsiam.pipelines.config.LoadedConfig;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.redact.Redaction;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.stage.StageTracking;
import simsiam.pipelines.stage.Tracking;
import simsiam.pipelines.stage.Versions;

/**
 * An invocation in MLflow: a run for the pipeline and, nested under it, one for each stage that
 * does work; each has all parameters of the configuration.
 */
public final class MlflowTracking implements Tracking {
  private static final Logger log = LoggerFactory.getLogger(MlflowTracking.class);

  /** How long a server that takes what is left is waited for, or one that is being started. */
  private static final Duration LAST_FLUSH = Duration.ofSeconds(60);

  /** How long one is that gives no sign of life. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private static final Duration INTERRUPTED_FLUSH = Duration.ofSeconds(3);

  private final RunConfig config;
  private final Path workspace;
  private final Consumer<String> notes;
  private final simsiam.mlflow.Tracking tracking;
  private final StageRunIds ids;
  private final Map<String, String> params = new LinkedHashMap<>();
  private final Map<String, TrackedStage> stages = new HashMap<>();
  private Map<String, String> fingerprints = Map.of();
  private final Map<String, String> ran = new HashMap<>();
  private final Set<String> datasets = ConcurrentHashMap.newKeySet();
  private final String uid;
  private final TrackedRun parent;
  private RunOutcome outcome = RunOutcome.FAILED;
  private Optional<String> url = Optional.empty();
  private boolean closed;

  /**
   * Opens the invocation's run.
   *
   * @param invocation its folder, whose name is the run's identity
   * @throws IOException if the spool cannot be written, or tracking.mode is required and no server
   *     answers
   */
  public MlflowTracking(
      LoadedConfig loaded, Path workspace, Path invocation, Consumer<String> notes)
      throws IOException {
    this.config = loaded.config();
    this.workspace = workspace;
    this.notes = notes;
    TrackingServer server = new TrackingServer(workspace, config.tracking().uri());
    this.ids = new StageRunIds(server.spool().resolve("stages"));
    this.tracking = open(server);
    tracking.endedByCaller(); // an interrupted stage still logs while it saves its work
    ConfigValues.all(config).forEach((key, value) -> params.put(key, String.valueOf(value)));
    this.uid = StageRunIds.fresh("run-" + invocation.getFileName());
    this.parent =
        tracking.startRun(
            RunRequest.of(uid, config.tracking().experiment(), config.name())
                .withParams(params)
                .withTags(tags())
                .withDescription(RunPage.started(loaded)));
    parent.artifact(invocation.resolve("config.yaml"), "");
  }

  private simsiam.mlflow.Tracking open(TrackingServer server) throws IOException {
    TrackingMode mode = TrackingMode.valueOf(config.tracking().mode().name());
    try {
      return simsiam.mlflow.Tracking.open(
          TrackingSettings.of(server.spool(), mode, server.source(notes)),
          Redaction::text,
          trouble ->
              notes.accept(
                  "Tracking: waiting for the server, as tracking.mode is required: " + trouble));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the tracking server", e);
    }
  }

  private Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("stage", "pipeline");
    tags.put("seed", String.valueOf(config.seed()));
    tags.put("simsiam.version", Versions.program());
    SourceVersion.current().ifPresent(git -> tags.put("git", git));
    return tags;
  }

  @Override
  public synchronized void planned(Map<String, String> planned) {
    fingerprints = Map.copyOf(planned);
  }

  /** The run that made a stage's output, in this invocation or an earlier one. */
  private Optional<String> madeBy(String stage) {
    return Optional.ofNullable(fingerprints.get(stage))
        .flatMap(fingerprint -> ids.madeBy(stage, fingerprint));
  }

  /** A data set of a stage is one of the whole run, once. */
  private void dataset(DatasetInput input) {
    if (datasets.add(input.digest())) {
      parent.dataset(input);
    }
  }

  @Override
  public synchronized StageTracking begin(String stage, String fingerprint, boolean continued) {
    Map<String, String> tags = tags();
    tags.put("stage", stage);
    tags.put("fingerprint", fingerprint);
    try {
      String stageUid = ids.of(stage, fingerprint, continued);
      TrackedRun run =
          tracking.startRun(
              RunRequest.of(stageUid, config.tracking().experiment(), config.name() + " " + stage)
                  .under(uid)
                  .withParams(params)
                  .withTags(tags)
                  .withDescription(RunPage.stage(stage, config, uid)));
      TrackedStage tracked =
          new TrackedStage(run, stageUid, fingerprint, workspace, this::madeBy, this::dataset);
      ran.put(stage, stageUid);
      stages.put(stage, tracked);
      return tracked;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot track stage " + stage + ": " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void end(String stage, RunOutcome ended, Optional<Throwable> cause) {
    TrackedStage tracked = stages.remove(stage);
    if (tracked != null) {
      tracked.close(status(ended), cause);
      if (ended == RunOutcome.FINISHED) {
        ids.finished(stage, tracked.fingerprint());
      }
    }
  }

  @Override
  public void outcome(RunOutcome ended, RunSummary summary) {
    if (ended == RunOutcome.INTERRUPTED) {
      tracking.leave(); // what the end of the run waits for
    }
    tell(ended, summary);
  }

  private synchronized void tell(RunOutcome ended, RunSummary summary) {
    if (closed) {
      return; // Interrupted while the run, which is over, waited for the server.
    }
    outcome = ended;
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (StageReport report : summary.reports()) {
      for (Measure measure : report.measures()) {
        if (measure.value() instanceof Number number) {
          metrics.put(report.metric(measure), number.doubleValue());
        } else {
          parent.tag(measure.key(), String.valueOf(measure.value()));
        }
      }
    }
    parent.metrics(metrics, 0);
    summary.failure().ifPresent(failure -> parent.tag("failure", failure));
    parent.note(RunPage.ended(config, ended, summary, this::runOf));
  }

  /**
   * The run of a stage: that of this invocation if it has one, else the one that made its output.
   */
  private Optional<String> runOf(String stage) {
    return Optional.ofNullable(ran.get(stage)).or(() -> madeBy(stage));
  }

  @Override
  public synchronized Optional<String> url() {
    return url;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      parent.close(status(outcome));
      boolean hurried = outcome == RunOutcome.INTERRUPTED;
      report(
          tracking.flush(
              hurried ? INTERRUPTED_FLUSH : LAST_FLUSH,
              hurried ? INTERRUPTED_FLUSH : SILENCE,
              this::waits));
      url = tracking.url(uid);
      tracking.close();
    } catch (IOException e) {
      notes.accept("Tracking: " + e.getMessage());
      log.warn("Cannot end tracking in order", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

  private static RunStatus status(RunOutcome outcome) {
    return switch (outcome) {
      case FINISHED -> RunStatus.FINISHED;
      case FAILED -> RunStatus.FAILED;
      case INTERRUPTED -> RunStatus.KILLED;
    };
  }
}
