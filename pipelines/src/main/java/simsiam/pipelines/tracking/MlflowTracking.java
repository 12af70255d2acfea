package simsiam.pipelines.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.client.RunRequest;
import simsiam.mlflow.client.TrackedRun;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.LoadedConfig;
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
  private final RunConfig config;
  private final Path workspace;
  private final Optional<RunPlace> place;
  private final OpenTracker tracking;
  private final StageRunIds ids;
  private final Map<String, String> params;
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
   * @param place of the run among others, where it has one: the identity is given there
   * @throws IOException if the spool cannot be written, or tracking.mode is required and no server
   *     answers
   */
  public MlflowTracking(
      LoadedConfig loaded,
      Path workspace,
      Path invocation,
      Consumer<String> notes,
      Optional<RunPlace> place)
      throws IOException {
    this.config = loaded.config();
    this.workspace = workspace;
    this.place = place;
    this.tracking = OpenTracker.of(config, workspace, notes);
    this.ids = new StageRunIds(tracking.stageRuns());
    this.params = OpenTracker.params(config);
    RunRequest own =
        RunRequest.of(
                StageRunIds.fresh("run-" + invocation.getFileName()),
                config.tracking().experiment(),
                config.name())
            .withParams(params)
            .withTags(tags())
            .withDescription(RunPage.started(loaded));
    RunRequest request = place.map(given -> given.of(own)).orElse(own);
    TrackedRun run;
    try {
      run = tracking.startRun(request);
    } catch (IOException e) {
      if (place.isEmpty()) {
        throw e;
      }
      notes.accept("Tracking: " + e.getMessage() + "; this attempt gets a run of its own");
      request = own.under(place.get().parent());
      run = tracking.startRun(request);
    }
    this.uid = request.uid();
    this.parent = run;
    parent.artifact(invocation.resolve("config.yaml"), "");
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
    RunFigures figures = RunFigures.of(summary.reports());
    parent.metrics(figures.metrics(), 0);
    parent.tags(figures.tags());
    if (summary.failure().isPresent()) {
      parent.tag("failure", summary.failure().get());
    } else if (parent.isContinued()) {
      parent.tag("failure", ""); // of an earlier attempt
    }
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
    // What is left of a run that has a place is sent by the process that gave it.
    url =
        tracking.close(
            uid, parent, status(outcome), outcome == RunOutcome.INTERRUPTED, place.isEmpty());
  }

  private static RunStatus status(RunOutcome outcome) {
    return switch (outcome) {
      case FINISHED -> RunStatus.FINISHED;
      case FAILED -> RunStatus.FAILED;
      case INTERRUPTED -> RunStatus.KILLED;
    };
  }
}
