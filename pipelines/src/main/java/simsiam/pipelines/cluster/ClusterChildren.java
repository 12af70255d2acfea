package simsiam.pipelines.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.model.file.FileTree;
import simsiam.pipelines.beam.Arguments;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.Child;
import simsiam.pipelines.sweep.ChildProgram;
import simsiam.pipelines.sweep.PlannedPoint;
import simsiam.pipelines.sweep.PointFolder;
import simsiam.pipelines.sweep.SweepPlan;
import simsiam.pipelines.sweep.SweepTracking;

/**
 * Children of a sweep on the machines of a cluster. Its pipeline begins when a child is first asked
 * for, and ends with {@link #close}.
 */
public final class ClusterChildren implements Child.Starter {
  private static final Logger log = LoggerFactory.getLogger(ClusterChildren.class);
  private static final long SCAN_NANOS = 300_000_000;

  /** For workers that wait, to see that there is nothing more to do. */
  private static final Duration GOING = Duration.ofSeconds(10);

  private static final Duration CANCELLING = Duration.ofSeconds(10);

  /** One after the other, each of which has ended without a point that was done. */
  private static final int MOST_JOBS = 5;

  private static final String PARALLELISM = "parallelism";
  private static final int MOST_TASKS = 128;

  private final Settings settings;
  private final SweepPlan plan;
  private final Workspace workspace;
  private final SweepTracking tracking;
  private final Consumer<String> notes;
  private final Map<Path, RemoteChild> offers = new LinkedHashMap<>();
  private final List<Path> folders = new ArrayList<>();
  private Optional<Begun> begun = Optional.empty();
  private int fruitless;
  private long scanned;

  /**
   * On what it goes about.
   *
   * @param runner Flink or Spark, with the cluster's address
   * @param children that a machine has at work at a time; 0: as many as suit it
   */
  public record Settings(RunnerOptions runner, Distribution distribution, int children) {}

  /** The job on the cluster. */
  private record Begun(
      ClusterJob job,
      ProcessLock launcher,
      Thread thread,
      AtomicReference<Optional<BeamRun>> run,
      AtomicReference<Optional<RuntimeException>> failure) {}

  /**
   * Begins nothing yet.
   *
   * @param tracking whose options each child gets
   * @param notes takes lines that the user should see
   */
  public ClusterChildren(
      Settings settings,
      SweepPlan plan,
      Workspace workspace,
      SweepTracking tracking,
      Consumer<String> notes) {
    this.settings = settings;
    this.plan = plan;
    this.workspace = workspace;
    this.tracking = tracking;
    this.notes = notes;
  }

  @Override
  public boolean isReady() throws IOException {
    if (begun.isEmpty()) {
      begun = Optional.of(begin());
    }
    if (System.nanoTime() - scanned > SCAN_NANOS) {
      scan(begun.get().job().offers());
      scanned = System.nanoTime();
    }
    if (!begun.get().thread().isAlive()) {
      beginAgain(begun.get());
    }
    Optional<RemoteChild> next = next();
    while (next.isPresent() && !next.get().stillWaits()) {
      next = next();
    }
    return next.isPresent();
  }

  /**
   * Sends another job in the place of one that has ended too early: on a cluster without restarts a
   * job ends with the first worker that is lost.
   *
   * @throws NoMachineException if that would be of no use
   */
  private void beginAgain(Begun ended) throws IOException {
    Optional<RuntimeException> failure = ended.failure().get();
    String got = failure.map(RuntimeException::getMessage).orElse("its end");
    List<RemoteChild> ours = of(ended);
    boolean useful = ours.stream().anyMatch(RemoteChild::isDone);
    fruitless = useful ? 0 : fruitless + 1;
    boolean begunNothing = ours.stream().noneMatch(RemoteChild::wasHandedAPoint);
    if (begunNothing
        || fruitless >= MOST_JOBS
        || failure.filter(BeamRun.CancelledException.class::isInstance).isPresent()) {
      throw new Child.NoMachineException(
          "Cannot run points on the cluster: expected its job to last until they are done, got: "
              + got);
    }
    notes.accept("The job on the cluster has ended: " + got + "; another one goes on");
    ended.job().close();
    ended.launcher().close();
    begun = Optional.of(begin());
  }

  /** The workers of a job. */
  private List<RemoteChild> of(Begun job) {
    return offers.entrySet().stream()
        .filter(offer -> offer.getKey().startsWith(job.job().offers()))
        .map(Map.Entry::getValue)
        .toList();
  }

  @Override
  public Child start(PlannedPoint point, PointFolder folder, int slot) throws IOException {
    RemoteChild child = next().orElseThrow();
    List<String> options = new ArrayList<>(tracking.options(point, folder));
    options.add("-D" + SweepTracking.JOURNALS + "=true");
    child.run(ChildProgram.Task.of(folder, options, List.of()), folder.lock(), freeSlot(child));
    return child;
  }

  /** The worker that waits for a point beside the fewest others, on a machine that has room. */
  private Optional<RemoteChild> next() {
    Map<String, Integer> machines = new HashMap<>();
    Map<String, Integer> processes = new HashMap<>();
    for (RemoteChild child : offers.values()) {
      if (child.works()) {
        machines.merge(child.machine(), 1, Integer::sum);
        processes.merge(child.process(), 1, Integer::sum);
      }
    }
    return of(begun.orElseThrow()).stream()
        .filter(RemoteChild::waits)
        .filter(child -> machines.getOrDefault(child.machine(), 0) < child.places())
        .min(
            Comparator.<RemoteChild>comparingInt(child -> machines.getOrDefault(child.machine(), 0))
                .thenComparingInt(child -> processes.getOrDefault(child.process(), 0)));
  }

  private int freeSlot(RemoteChild next) {
    List<Integer> taken =
        offers.values().stream()
            .filter(child -> child.works() && child.machine().equals(next.machine()))
            .map(RemoteChild::slot)
            .toList();
    int slot = 0;
    while (taken.contains(slot)) {
      slot++;
    }
    return slot;
  }

  /** Looks for new offers, and at those that wait. */
  private void scan(Path place) throws IOException {
    try (Stream<Path> all = Files.list(place)) {
      all.forEach(
          folder -> offers.computeIfAbsent(folder, f -> new RemoteChild(new OfferFolder(f))));
    }
    for (RemoteChild child : offers.values()) {
      if (!child.works()) {
        child.refresh();
      }
    }
  }

  private Begun begin() throws IOException {
    Path jobs = PointFolder.of(workspace, plan.sweep()).resolve("jobs");
    sweepAway(jobs);
    Path folder = Files.createDirectories(jobs.resolve(UUID.randomUUID().toString()));
    folders.add(folder); // stays until the end, as children of an earlier job may still tell theirs
    ProcessLock launcher = ClusterJob.launch(folder);
    ClusterJob job =
        new ClusterJob(
            SharedFolder.mark(folder),
            settings.distribution(),
            ChildProgram.ofThisProcess().elsewhere(settings.distribution().jar()),
            settings.children());
    Files.createDirectories(job.offers());
    int points = (int) plan.points().stream().filter(point -> !point.toRun().isEmpty()).count();
    Pipeline pipeline = Pipeline.create(options(points));
    Points.add(pipeline, job, elements(points));
    AtomicReference<Optional<BeamRun>> run = new AtomicReference<>(Optional.empty());
    AtomicReference<Optional<RuntimeException>> failure = new AtomicReference<>(Optional.empty());
    Thread thread = new Thread(() -> run(pipeline, run, failure), "sweep-on-cluster");
    thread.setDaemon(true);
    thread.start();
    return new Begun(job, launcher, thread, run, failure);
  }

  /** Removes what launching processes have left that were killed. */
  private void sweepAway(Path jobs) throws IOException {
    if (!Files.isDirectory(jobs)) {
      return;
    }
    try (Stream<Path> all = Files.list(jobs)) {
      for (Path folder : all.toList()) {
        if (!folders.contains(folder) && !ClusterJob.isLaunched(folder)) {
          FileTree.delete(folder);
        }
      }
    }
  }

  private PipelineOptions options(int points) {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("jobName", "simsiam-" + plan.sweep().name());
    if (settings.runner().runner() == Runner.FLINK) {
      defaults.put(PARALLELISM, String.valueOf(Math.min(points, MOST_TASKS)));
    }
    return BeamOptions.parse(settings.runner(), defaults);
  }

  /**
   * One for each point, and for each task that the user wants, so that all machines are reached.
   */
  private int elements(int points) {
    Optional<String> wanted = new Arguments(settings.runner().arguments()).value(PARALLELISM);
    return Math.max(
        points, wanted.filter(text -> text.matches("\\d{1,6}")).map(Integer::parseInt).orElse(0));
  }

  private static void run(
      Pipeline pipeline,
      AtomicReference<Optional<BeamRun>> run,
      AtomicReference<Optional<RuntimeException>> failure) {
    BeamRun.Monitor monitor =
        new BeamRun.Monitor() {
          @Override
          public void counted(long value) {}

          @Override
          public void begins(BeamRun begins) {
            run.set(Optional.of(begins));
          }
        };
    try {
      BeamRun.toEnd(pipeline, Points.COUNTER, monitor);
    } catch (RuntimeException e) { // for the thread that hands out points
      log.info("The job on the cluster has ended", e);
      failure.set(Optional.of(e));
    }
  }

  @Override
  public void close() throws IOException {
    if (begun.isEmpty()) {
      return;
    }
    Begun ending = begun.get();
    begun = Optional.empty();
    try (ProcessLock launcher = ending.launcher()) {
      log.info("No more points are handed out, {}", launcher.isHeld());
      ending.job().close();
      scan(ending.job().offers());
      for (RemoteChild child : offers.values()) {
        if (child.waits()) {
          child.dismiss();
        }
      }
      ending.thread().join(GOING.toMillis());
      if (ending.thread().isAlive()) {
        cancel(ending);
      }
    } catch (InterruptedException e) {
      cancel(ending);
      Thread.currentThread().interrupt();
    }
    folders.forEach(FileTree::delete);
  }

  private static void cancel(Begun ending) {
    boolean over = ending.run().get().map(run -> run.cancel(Deadline.in(CANCELLING))).orElse(false);
    if (!over) { // it ends by itself, as the launcher's lock is free
      log.warn("The job on the cluster does not end in time");
    }
  }
}
