package simsiam.pipelines.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.client.RunRequest;
import simsiam.mlflow.client.TrackedRun;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.mlflow.spool.Spool;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.PlannedPoint;
import simsiam.pipelines.sweep.PointFolder;
import simsiam.pipelines.sweep.PointMeasures;
import simsiam.pipelines.sweep.SweepResults;
import simsiam.pipelines.sweep.SweepResults.Group;
import simsiam.pipelines.sweep.SweepResults.Row;
import simsiam.pipelines.sweep.SweepResults.State;
import simsiam.pipelines.sweep.SweepTracking;
import simsiam.pipelines.sweep.grid.Point;
import simsiam.pipelines.sweep.grid.Sweep;

/**
 * A sweep in MLflow: a run whose description is the table so far and, nested under it, one for each
 * point, in which the child that works on the point goes on, and one for each group with mean and
 * standard deviation over its seeds. A point none of whose stages had to run has its run all the
 * same. One process at a time tells of a sweep.
 */
public final class MlflowSweep implements SweepTracking {
  private static final Logger log = LoggerFactory.getLogger(MlflowSweep.class);

  private final Sweep sweep;
  private final Workspace workspace;
  private final Path folder;
  private final RunConfig base;
  private final Consumer<String> notes;
  private final StageRunIds stageRuns;
  private final Optional<ProcessLock> lock;
  private final Map<String, List<StageReport>> reports = new HashMap<>();
  private SweepTold told;
  private Optional<Session> session = Optional.empty();
  private String page = "";
  private boolean away;

  /** The tracker at work, and the sweep's run. */
  private record Session(OpenTracker tracker, TrackedRun run) {}

  private MlflowSweep(
      Sweep sweep, Workspace workspace, Consumer<String> notes, Optional<ProcessLock> lock) {
    this.sweep = sweep;
    this.workspace = workspace;
    this.notes = notes;
    this.lock = lock;
    this.folder = PointFolder.of(workspace, sweep);
    this.base = sweep.base().config();
    String experiment = base.tracking().experiment();
    this.told =
        SweepTold.read(folder, notes)
            .filter(before -> before.experiment().equals(experiment))
            .orElseGet(() -> SweepTold.nothing(experiment));
    Path spool = new TrackingServer(workspace.root(), base.tracking().uri()).spool();
    this.stageRuns = new StageRunIds(OpenTracker.stageRuns(spool));
    if (!Files.exists(new Spool(spool).run(told.uid()).journal())) {
      told.runs().clear(); // what was told is not there any more
    }
  }

  /**
   * Takes a sweep up; opens no tracker yet.
   *
   * @param notes takes lines that the user should see
   */
  public static MlflowSweep of(Sweep sweep, Workspace workspace, Consumer<String> notes)
      throws IOException {
    Path folder = Files.createDirectories(PointFolder.of(workspace, sweep));
    Optional<ProcessLock> lock = ProcessLock.tryAcquire(folder.resolve("mlflow.lock"));
    return new MlflowSweep(sweep, workspace, notes, lock);
  }

  @Override
  public void begin() throws IOException {
    if (lock.isPresent()) {
      open();
    } else {
      notes.accept("Tracking: another process tells MLflow of this sweep");
    }
  }

  private Session open() throws IOException {
    if (session.isEmpty()) {
      boolean ended = told.runs().remove(told.uid()) != null;
      told.write(folder);
      away = true; // until it is not: what keeps the tracker away is waited for once
      OpenTracker tracker = OpenTracker.of(base, workspace.root(), notes);
      TrackedRun run =
          tracker.startRun(
              RunRequest.of(told.uid(), told.experiment(), sweep.name())
                  .withParams(OpenTracker.params(base))
                  .withTags(Map.of("stage", "sweep", "sweep.id", sweep.name())));
      if (run.isContinued() && !ended) {
        run.tag("failure", ""); // of a process that was killed
      }
      session = Optional.of(new Session(tracker, run));
      away = false;
    }
    return session.get();
  }

  private SweepNames names() {
    return new SweepNames(told.uid(), sweep.name());
  }

  @Override
  public List<String> options(PlannedPoint point, PointFolder pointFolder) throws IOException {
    RunPlace place =
        new RunPlace(
            names().uid(point),
            told.uid(),
            SweepNames.shown(point.point().text()),
            names().tags(point.point()));
    return place.give(pointFolder.place());
  }

  @Override
  public void update(SweepResults results, Set<String> working) {
    if (lock.isEmpty()) {
      return;
    }
    for (Row row : results.points()) {
      if (row.state() != State.QUEUED && !working.contains(row.planned().point().id())) {
        attempt(() -> point(row));
      }
    }
    for (Group group : results.groups()) {
      if (!group.rows().isEmpty()) {
        attempt(() -> group(group));
      }
    }
    if (session.isPresent()) {
      attempt(
          () -> {
            page(results);
            session.get().tracker().adopt();
          });
    }
  }

  /** Something to tell. */
  private interface Telling {
    void tell() throws IOException;
  }

  /** A sweep goes on without its tracker; what was not told is tried again the next time. */
  private void attempt(Telling telling) {
    if (away) {
      return;
    }
    try {
      telling.tell();
    } catch (IOException e) {
      notes.accept("Tracking: " + e.getMessage());
      log.warn("Cannot tell the tracker of {}", sweep.name(), e);
    }
  }

  @Override
  public void follow() {
    if (session.isPresent()) {
      attempt(() -> session.get().tracker().adopt());
    }
  }

  private List<StageReport> reports(Row row) throws IOException {
    String uid = names().uid(row.planned());
    List<StageReport> known = reports.get(uid);
    if (known != null) {
      return known;
    }
    List<StageReport> read = PointMeasures.reports(row.planned().plan());
    if (row.state() != State.FAILED) {
      reports.put(uid, read);
    }
    return read;
  }

  private void point(Row row) throws IOException {
    Point point = row.planned().point();
    RunConfig config = PointFolder.config(workspace, sweep, point);
    RunFigures figures = RunFigures.of(reports(row));
    String failure = row.failure().map(PointFolder.Failure::cause).orElse("");
    Map<String, String> tags = new LinkedHashMap<>(names().tags(point));
    tags.put("stage", "pipeline");
    tags.put(SweepNames.SEED, String.valueOf(config.seed()));
    tags.putAll(figures.tags());
    List<String> stages =
        row.planned().plan().selected().stream()
            .filter(stage -> stage.last().isPresent())
            .map(
                stage ->
                    RunPage.link(stage.name(), stageRuns.madeBy(stage.name(), stage.fingerprint())))
            .toList();
    tell(
        RunRequest.of(
                names().uid(row.planned()),
                config.tracking().experiment(),
                SweepNames.shown(point.text()))
            .withParams(OpenTracker.params(config))
            .withTags(tags)
            .withDescription(RunPage.there(config, failure, reports(row), stages)),
        figures.metrics(),
        failure,
        true);
  }

  private void group(Group group) throws IOException {
    Map<String, String> names = new HashMap<>();
    for (Row row : group.rows()) {
      for (StageReport report : reports(row)) {
        report.measures().forEach(measure -> names.put(measure.key(), report.metric(measure)));
      }
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    int n = group.rows().size();
    metrics.put("n", (double) n);
    group
        .measures()
        .forEach(
            (key, statistic) -> {
              String name = names.getOrDefault(key, key);
              metrics.put(name, statistic.mean());
              statistic.std().ifPresent(std -> metrics.put(name + "_std", std));
              if (statistic.n() != n) {
                metrics.put(name + "_n", (double) statistic.n());
              }
            });
    String place = SweepNames.place(group.labels());
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("stage", "group");
    tags.put("sweep.id", sweep.name());
    tags.put("sweep.group", place);
    group.labels().forEach((axis, label) -> tags.put(SweepNames.tag(axis), label));
    Map<String, String> params =
        OpenTracker.params(
            PointFolder.config(workspace, sweep, group.rows().get(0).planned().point()));
    params.keySet().removeAll(Set.of(SweepNames.SEED, "name"));
    tell(
        RunRequest.of(
                names().uid(group), told.experiment(), SweepNames.shown(place) + ", mean of seeds")
            .withParams(params)
            .withTags(tags)
            .withDescription(
                "Mean and standard deviation (`_std`) over the `n` points that differ in the seed"
                    + " alone."),
        metrics,
        "",
        false);
  }

  /**
   * Tells of a run what it has not been told.
   *
   * @param failure why it failed; empty: it did not
   * @param childs whether a child may have logged the metrics already
   */
  private void tell(RunRequest request, Map<String, Double> metrics, String failure, boolean childs)
      throws IOException {
    Optional<SweepTold.Run> before = Optional.ofNullable(told.runs().get(request.uid()));
    String digest =
        Fingerprint.of(List.of(metrics.toString(), new TreeMap<>(request.tags()), failure));
    if (before.isPresent() && before.get().digest().equals(digest)) {
      return;
    }
    String description = request.description();
    try (TrackedRun run =
        open().tracker().startRun(request.under(told.uid()).withDescription(""))) {
      if (!run.isContinued()) { // else it has what the child wrote
        run.note(description);
      }
      metrics(run, before.map(SweepTold.Run::metrics).orElse(Map.of()), metrics, childs);
      if (!failure.isEmpty() || before.map(SweepTold.Run::failed).orElse(false)) {
        run.tag("failure", failure);
      }
      run.close(failure.isEmpty() ? RunStatus.FINISHED : RunStatus.FAILED);
    }
    told.runs().put(request.uid(), new SweepTold.Run(digest, !failure.isEmpty(), metrics));
    told.write(folder);
  }

  /** Logs what was not told: all at one step, after those that the run has. */
  private static void metrics(
      TrackedRun run, Map<String, Double> before, Map<String, Double> metrics, boolean childs) {
    long step = 1 + metrics.keySet().stream().mapToLong(run::lastStep).max().orElse(-1);
    metrics.forEach(
        (key, value) -> {
          boolean known =
              before.containsKey(key)
                  ? value.equals(before.get(key))
                  : childs && run.lastStep(key) >= 0;
          if (!known) {
            run.metric(key, value, step);
          }
        });
  }

  /** Tells the table so far, if it is another one than before. */
  private void page(SweepResults results) throws IOException {
    String now = text(results);
    if (!now.equals(page)) {
      open().run().note(now);
      page = now;
    }
  }

  private String text(SweepResults results) {
    return SweepPage.of(
        results,
        row -> Optional.of(names().uid(row.planned())).filter(told.runs()::containsKey),
        group ->
            group.rows().isEmpty()
                ? Optional.empty()
                : Optional.of(names().uid(group)).filter(told.runs()::containsKey));
  }

  @Override
  public Optional<String> end(SweepResults results, boolean interrupted) {
    update(results, Set.of());
    RunStatus status = status(results, interrupted);
    String digest = Fingerprint.of(List.of(text(results), status));
    SweepTold.Run before = told.runs().get(told.uid());
    if (lock.isPresent()
        && (session.isPresent() || before == null || !before.digest().equals(digest))) {
      attempt(
          () -> {
            open();
            page(results);
            close(status, interrupted);
            told.runs().put(told.uid(), new SweepTold.Run(digest, false, Map.of()));
            told.write(folder);
          });
    }
    return Optional.of(told.url()).filter(url -> !url.isEmpty());
  }

  private static RunStatus status(SweepResults results, boolean interrupted) {
    if (!interrupted && results.count(State.FAILED) > 0) {
      return RunStatus.FAILED;
    }
    return interrupted || results.count(State.QUEUED) > 0 ? RunStatus.KILLED : RunStatus.FINISHED;
  }

  private void close(RunStatus status, boolean hurried) throws IOException {
    Session ending = session.orElseThrow();
    session = Optional.empty();
    ending.tracker().adopt();
    Optional<String> url = ending.tracker().close(told.uid(), ending.run(), status, hurried, true);
    told = url.map(told::at).orElse(told);
  }

  @Override
  public void close() {
    if (session.isPresent()) {
      attempt(() -> close(RunStatus.KILLED, true));
    }
    away = false;
    lock.ifPresent(held -> attempt(held::close));
  }
}
