package simsiam.pipelines.stage.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stage.StageTracking;
import simsiam.pipelines.stage.Tracking;
import simsiam.pipelines.stage.Versions;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.plan.StageState;
import simsiam.pipelines.stage.run.RunningStage.Upstream;
import simsiam.pipelines.stage.store.OutputFiles;
import simsiam.pipelines.stage.store.StageFolder;
import simsiam.pipelines.stage.store.SuccessRecord;
import simsiam.pipelines.stage.store.SuccessRecord.OutputFile;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.stage.store.WrittenFiles;

/** Carries out a plan, stage after stage, and commits what each makes. */
public final class GraphRunner {
  private static final Logger log = LoggerFactory.getLogger(GraphRunner.class);

  private final Workspace workspace;
  private final Console console;
  private final Tracking tracking;
  private final RunnerOptions runner;
  private final RunSummary summary;
  private final AtomicReference<Optional<RunningStage>> current =
      new AtomicReference<>(Optional.empty());
  private volatile boolean interrupted;

  /**
   * A runner for one invocation.
   *
   * @param summary takes the state of each stage as it goes
   */
  public GraphRunner(
      Workspace workspace,
      Console console,
      Tracking tracking,
      RunnerOptions runner,
      RunSummary summary) {
    this.workspace = workspace;
    this.console = console;
    this.tracking = tracking;
    this.runner = runner;
    this.summary = summary;
  }

  /**
   * Runs what the plan says; a plan with blocked stages is the caller's to refuse.
   *
   * @throws StageFailedException for the first stage that fails
   */
  public void run(LoadedConfig loaded, Plan plan) throws StageFailedException {
    Map<String, SuccessRecord> outputs = new HashMap<>();
    plan.all()
        .values()
        .forEach(stage -> stage.last().ifPresent(last -> outputs.put(stage.name(), last)));
    tracking.planned(fingerprints(plan));
    for (PlannedStage stage : plan.selected()) {
      long start = System.nanoTime();
      try {
        requireGoingOn();
        SuccessRecord record = bring(loaded, plan, stage, outputs);
        outputs.put(stage.name(), record);
      } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
        if (interrupted) {
          log.info("Stage {} was interrupted", stage.name(), e);
          throw new StageFailedException(stage.name(), e);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        log.error(Console.TOLD, "Stage {} failed", stage.name(), e);
        summary.stage(stage.name(), "failed", seconds);
        summary.failed(stage.name(), e);
        console.ended(stage.name(), "failed", seconds, "");
        throw new StageFailedException(stage.name(), e);
      }
    }
  }

  private SuccessRecord bring(
      LoadedConfig loaded, Plan plan, PlannedStage stage, Map<String, SuccessRecord> outputs)
      throws Exception {
    Optional<SuccessRecord> kept = kept(stage, outputs);
    if (kept.isPresent()) {
      return cached(stage, kept.get());
    }
    try (ProcessLock lock = lock(stage)) {
      requireGoingOn();
      lock.takenOver()
          .ifPresent(
              dead ->
                  console.note("taking over stage " + stage.name() + " of " + dead + ", now gone"));
      Optional<SuccessRecord> made = madeSincePlanned(stage, outputs);
      if (made.isPresent()) {
        return cached(stage, made.get());
      }
      Optional<SuccessRecord> stored =
          new StoredOutput(workspace, stage).fetch(digests(stage, outputs));
      if (stored.isPresent()) {
        return cached(stage, stored.get());
      }
      return work(loaded, plan, stage, outputs);
    }
  }

  /** Begins nothing in a process that is told to end. */
  private void requireGoingOn() throws InterruptedException {
    if (interrupted) {
      throw new InterruptedException("the process ends");
    }
  }

  /**
   * The right to make a stage's output. A run has one at a time, so that none waits in a circle.
   */
  private ProcessLock lock(PlannedStage stage) throws IOException, InterruptedException {
    return workspace.lock(
        stage.name(),
        stage.fingerprint(),
        holder -> {
          log.info("Stage {} waits for {}", stage.name(), holder);
          console.note("waiting for stage %s, which %s is making".formatted(stage.name(), holder));
        });
  }

  /** The output that another process has made since the plan, of what this one would read. */
  private static Optional<SuccessRecord> madeSincePlanned(
      PlannedStage stage, Map<String, SuccessRecord> outputs) throws IOException {
    if (stage.state() == StageState.FORCED) {
      return Optional.empty();
    }
    Optional<SuccessRecord> made =
        stage
            .folder()
            .success()
            .filter(record -> record.upstreamOutputs().equals(digests(stage, outputs)));
    // Of an output that is there and yet to be made, damage may show in its bytes alone.
    return made.isPresent()
            && OutputFiles.anyDamage(stage.folder().committed(), made.get().files()).isEmpty()
        ? made
        : Optional.empty();
  }

  /** The output that is there, if the stage need not run. */
  private static Optional<SuccessRecord> kept(
      PlannedStage stage, Map<String, SuccessRecord> outputs) {
    if (stage.state() == StageState.CACHED) {
      return stage.last();
    }
    return stage
        .last()
        .filter(last -> stage.keepIfSame())
        .filter(last -> last.upstreamOutputs().equals(digests(stage, outputs)));
  }

  private SuccessRecord cached(PlannedStage stage, SuccessRecord record) throws IOException {
    summary.stage(stage.name(), "cached", 0);
    summary.report(stage.report(record));
    console.ended(stage.name(), "cached", 0, record.result().headline());
    return record;
  }

  private SuccessRecord work(
      LoadedConfig loaded, Plan plan, PlannedStage stage, Map<String, SuccessRecord> outputs)
      throws Exception {
    console.started(stage.name(), stage.reason());
    log.info("Stage {} begins: {} ({})", stage.name(), stage.reason(), stage.fingerprint());
    Instant started = Instant.now();
    long start = System.nanoTime();
    boolean keep = stage.stage().resumable() && stage.state() != StageState.FORCED;
    keepEarlierWork(stage);
    boolean continued = keep && stage.folder().interrupted();
    SortedMap<String, String> reads = digests(stage, outputs);
    if (continued) {
      tellOtherInputs(stage, reads);
    }
    Path output = stage.folder().begin(stage.inputs(), reads, keep);
    StoredOutput stored = new StoredOutput(workspace, stage);
    stored.begin();
    WrittenFiles written = new WrittenFiles();
    StageReport report;
    SortedMap<String, OutputFile> files;
    double seconds;
    try {
      report = tracked(loaded, plan, stage, outputs, continued, written);
      seconds = (System.nanoTime() - start) / 1e9;
      report.write(output);
      files = OutputFiles.seal(output, written);
    } catch (Exception e) {
      throw removedMeanwhile(plan, stage)
          .<Exception>map(text -> new IOException(text, e))
          .orElse(e);
    }
    SuccessRecord record =
        new SuccessRecord(
            stage.fingerprint(),
            stage.inputs(),
            reads,
            files,
            StageResult.of(report),
            started.toString(),
            Instant.now().toString(),
            seconds,
            Versions.current());
    stage.folder().commit(record);
    stored.commit();
    log.info("Stage {} is done: {}", stage.name(), report.headline());
    summary.stage(stage.name(), "ran", seconds);
    summary.report(report);
    console.ended(stage.name(), "ran", seconds, report.headline());
    return record;
  }

  /** Which of the folders that a stage at work needs is gone, if one is: that is why it failed. */
  private static Optional<String> removedMeanwhile(Plan plan, PlannedStage stage) {
    String gone = "Cannot make the output of %s: expected %s to stay meanwhile, got none (%s)";
    if (!stage.folder().interrupted()) {
      return Optional.of(
          gone.formatted(stage.name(), "its unfinished folder", stage.folder().partial()));
    }
    return stage.inputs().upstream().keySet().stream()
        .filter(name -> !plan.all().get(name).folder().isCommitted())
        .map(
            name ->
                gone.formatted(
                    stage.name(),
                    "the output of " + name,
                    plan.all().get(name).folder().committed()))
        .findFirst();
  }

  /**
   * What a resumable stage has made took long: damaged, it is continued; where the user wants it
   * made from nothing, what there is beside an intact output is set aside.
   */
  private void keepEarlierWork(PlannedStage stage) throws IOException {
    if (!stage.stage().resumable()) {
      return;
    }
    StageFolder folder = stage.folder();
    boolean damaged = stage.last().isEmpty() && Files.isDirectory(folder.committed());
    if (stage.state() == StageState.FORCED) {
      keptAside(stage, "unfinished work", folder.setAside(folder.partial()));
      if (damaged) {
        keptAside(stage, "damaged output", folder.setAside(folder.committed()));
      }
    } else if (damaged) {
      stage.stage().requireContinuable(folder.committed());
      console.note(stage.name() + ": " + stage.reason());
      keptAside(stage, "unfinished work", folder.reopen());
    }
  }

  /** Work that took long goes on, though with other bytes than those it began with. */
  private void tellOtherInputs(PlannedStage stage, SortedMap<String, String> reads)
      throws IOException {
    SortedMap<String, String> before = stage.folder().reads();
    List<String> others =
        reads.keySet().stream()
            .filter(name -> before.containsKey(name) && !before.get(name).equals(reads.get(name)))
            .toList();
    if (!others.isEmpty()) {
      String names = String.join(", ", others);
      log.warn("{} began with outputs {} and goes on with {}", stage.name(), before, reads);
      console.note(
          "%s goes on with another output of %s than it began with; --force=%s begins anew"
              .formatted(stage.name(), names, stage.name()));
    }
  }

  private void keptAside(PlannedStage stage, String what, Optional<Path> place) {
    place.ifPresent(
        kept -> console.note("%s of %s is kept in %s".formatted(what, stage.name(), kept)));
  }

  private StageReport tracked(
      LoadedConfig loaded,
      Plan plan,
      PlannedStage stage,
      Map<String, SuccessRecord> outputs,
      boolean continued,
      WrittenFiles written)
      throws Exception {
    Map<String, Upstream> upstream = new HashMap<>();
    for (String name : stage.inputs().upstream().keySet()) {
      upstream.put(name, new Upstream(plan.all().get(name), outputs.get(name)));
    }
    RunOutcome outcome = RunOutcome.FAILED;
    Optional<Throwable> cause = Optional.empty();
    StageTracking stageTracking = tracking.begin(stage.name(), stage.fingerprint(), continued);
    RunningStage running =
        new RunningStage(
            loaded.config(),
            stage,
            stage.folder().partial(),
            upstream,
            workspace,
            runner,
            console,
            stageTracking,
            written);
    current.set(Optional.of(running));
    try {
      requireGoingOn(); // as an interruption until here has seen no stage
      StageReport report = stage.stage().run(running);
      log(report, stageTracking);
      outcome = RunOutcome.FINISHED;
      return report;
    } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
      cause = Optional.of(e);
      throw e;
    } finally {
      current.set(Optional.empty());
      tracking.end(stage.name(), interrupted ? RunOutcome.INTERRUPTED : outcome, cause);
    }
  }

  /** Figures of the trained encoder belong to its model too, where the stage has named one. */
  private static void log(StageReport report, StageTracking tracking) {
    for (Measure measure : report.measures()) {
      if (measure.value() instanceof Number number) {
        if (report.group() == StageReport.Group.EVAL && !measure.baseline()) {
          tracking.measure(report.metric(measure), number.doubleValue(), 0);
        } else {
          tracking.metric(report.metric(measure), number.doubleValue(), 0);
        }
      }
    }
  }

  /**
   * Tells the stage at work that the process ends; the main thread need not get any further.
   *
   * @param deadline by which the stage is to be done with it
   * @return the stage's name, or empty if none is at work
   */
  public Optional<String> interrupt(Deadline deadline) {
    interrupted = true;
    Optional<RunningStage> running = current.get();
    running.ifPresent(stage -> stage.interrupt(deadline));
    running.ifPresent(stage -> summary.stage(stage.name(), "interrupted", stage.seconds()));
    return running.map(RunningStage::name);
  }

  private static Map<String, String> fingerprints(Plan plan) {
    Map<String, String> fingerprints = new LinkedHashMap<>();
    plan.all().forEach((name, stage) -> fingerprints.put(name, stage.fingerprint()));
    return fingerprints;
  }

  private static SortedMap<String, String> digests(
      PlannedStage stage, Map<String, SuccessRecord> outputs) {
    SortedMap<String, String> digests = new TreeMap<>();
    for (String name : stage.inputs().upstream().keySet()) {
      digests.put(name, outputs.get(name).outputDigest());
    }
    return digests;
  }
}
