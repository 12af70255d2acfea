package simsiam.pipelines.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.PlannedPoint.Node;

/**
 * Has children make what the points of a sweep lack, a child for a point. One whose missing outputs
 * another child is making waits until they are there, so that each output is made once. What ends
 * in whatever way can be gone on with: all that is kept is in the stages' folders.
 */
public final class SweepRunner {
  private static final Logger log = LoggerFactory.getLogger(SweepRunner.class);
  private static final long POLL_MILLIS = 100;

  /** Less than the 30 s that systems grant between SIGTERM and SIGKILL. */
  private static final long SAVE_MILLIS = 27_000;

  /** A point that is in the way of its machine is not to take one after the other with it. */
  private static final int MOST_LOSSES = 10;

  /** The exit code of a process that was ended by SIGKILL. */
  private static final int KILLED = 137;

  private final SweepPlan plan;
  private final Workspace workspace;
  private final Child.Starter starter;
  private final Settings settings;
  private final Listener listener;
  private final List<PlannedPoint> pending = new ArrayList<>();
  private final List<Running> running = new ArrayList<>();
  private final Map<String, Integer> losses = new HashMap<>();

  /**
   * How it goes about it.
   *
   * @param children at work at a time, at most
   * @param failFast whether the first failure ends the others, which can be gone on with
   * @param retryFailed whether points are repeated that failed and would fail again
   */
  public record Settings(int children, boolean failFast, boolean retryFailed) {}

  /** A child at work. */
  public record Running(
      PlannedPoint planned,
      PointFolder folder,
      Child child,
      int slot,
      long logStart,
      long startNanos,
      PointProgress progress) {
    /** Seconds since it was started. */
    public double seconds() {
      return (System.nanoTime() - startNanos) / 1e9;
    }

    private boolean makes(PlannedStage stage) {
      return planned.toRun().stream()
          .anyMatch(mine -> Node.of(mine).equals(Node.of(stage)) && !mine.folder().isCommitted());
    }
  }

  /** What is told as it happens, all on one thread. */
  public interface Listener {
    /** A child begins with a point. */
    void started(Running child);

    /** A child has made all that its point lacked. */
    void finished(Running child);

    /** A child has ended before. */
    void failed(Running child, PointFolder.Failure failure);

    /** A child is lost with its machine; the point is waiting again. */
    void lost(Running child);

    /** Several times a second, while children are at work. */
    void at(List<Running> children, int waiting);
  }

  public SweepRunner(
      SweepPlan plan,
      Workspace workspace,
      Child.Starter starter,
      Settings settings,
      Listener listener) {
    this.plan = plan;
    this.workspace = workspace;
    this.starter = starter;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Points that lack something and are to be run now; others that lack something have failed for
   * good.
   */
  public List<PlannedPoint> due() throws IOException {
    List<PlannedPoint> due = new ArrayList<>();
    for (PlannedPoint point : plan.points()) {
      Optional<PointFolder.Failure> failure =
          folder(point).failure(workspace, plan.sweep(), point.point());
      boolean repeats = failure.isPresent() && failure.get().lasting() && !settings.retryFailed();
      if (!point.toRun().isEmpty() && !repeats) {
        due.add(point);
      }
    }
    return due;
  }

  private PointFolder folder(PlannedPoint point) {
    return new PointFolder(workspace, plan.sweep(), point.point());
  }

  /**
   * Runs what is due; returns when no child is at work any more.
   *
   * @throws InterruptedException if the thread is interrupted: the children have been asked to save
   *     what they have, and have ended
   */
  public void run() throws IOException, InterruptedException {
    pending.addAll(due());
    try {
      while (!pending.isEmpty() || !running.isEmpty()) {
        reap();
        start();
        running.forEach(child -> child.progress().refresh());
        listener.at(List.copyOf(running), pending.size());
        Thread.sleep(POLL_MILLIS);
      }
    } finally {
      end(); // after an interruption in the middle of a file, too
    }
  }

  private void start() throws IOException {
    for (PlannedPoint point : List.copyOf(pending)) {
      if (running.size() >= settings.children() || !starter.isReady()) {
        return;
      }
      List<PlannedStage> missing = point.toRun().stream().filter(stage -> !isThere(stage)).toList();
      boolean waits =
          missing.stream().anyMatch(stage -> running.stream().anyMatch(r -> r.makes(stage)));
      if (!waits) {
        pending.remove(point);
        start(point);
      }
    }
  }

  /** What a plan of before wanted made, and another child has made since. */
  private static boolean isThere(PlannedStage stage) {
    return stage.last().isEmpty() && stage.folder().isCommitted();
  }

  private void start(PlannedPoint point) throws IOException {
    PointFolder folder = folder(point);
    folder.begin(workspace, plan.sweep(), point.point());
    long logStart = Files.exists(folder.log()) ? Files.size(folder.log()) : 0;
    int slot = freeSlot();
    Running child =
        new Running(
            point,
            folder,
            starter.start(point, folder, slot),
            slot,
            logStart,
            System.nanoTime(),
            new PointProgress(folder.progress()));
    running.add(child);
    listener.started(child);
  }

  private int freeSlot() {
    Set<Integer> taken = new HashSet<>();
    running.forEach(child -> taken.add(child.slot()));
    int slot = 0;
    while (taken.contains(slot)) {
      slot++;
    }
    return slot;
  }

  private void reap() throws IOException, InterruptedException {
    for (Running child : List.copyOf(running)) {
      OptionalInt exit = child.child().exit();
      if (exit.isEmpty() && !child.child().isLost()) {
        continue;
      }
      running.remove(child);
      if (exit.isPresent() && exit.getAsInt() == 0) {
        listener.finished(child);
      } else if (exit.isEmpty() && mayGoOnElsewhere(child)) {
        pending.add(0, child.planned());
        listener.lost(child);
      } else {
        listener.failed(child, exit.isPresent() ? failed(child, exit.getAsInt()) : lost(child));
        if (settings.failFast()) {
          pending.clear();
          end();
        }
      }
    }
  }

  private boolean mayGoOnElsewhere(Running lost) {
    return losses.merge(lost.planned().point().id(), 1, Integer::sum) < MOST_LOSSES;
  }

  /** The failure of a point with which one machine after the other was lost. */
  private PointFolder.Failure lost(Running child) throws IOException {
    String cause =
        "Cannot run the point: expected a machine that stays, got %s lost, the last %s"
            .formatted(MOST_LOSSES, child.child().machine());
    return child.folder().failed(workspace, plan.sweep(), child.planned().point(), KILLED, cause);
  }

  private PointFolder.Failure failed(Running child, int exit) throws IOException {
    String complaint = ChildProcess.complaint(child.folder().log(), child.logStart());
    String end = exit > 128 ? "ended by signal " + (exit - 128) : "ended with exit code " + exit;
    boolean told = exit == 2 || exit == 3;
    String cause =
        complaint.isEmpty() ? end : told ? complaint : end + "; its last words: " + complaint;
    return child.folder().failed(workspace, plan.sweep(), child.planned().point(), exit, cause);
  }

  /** Asks the children that are left to save what they have, and sees that they end. */
  private void end() throws InterruptedException {
    running.forEach(child -> attempt(child, child.child()::terminate));
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + SAVE_MILLIS * 1_000_000;
    for (Running child : running) {
      try {
        if (!ends(child, Math.max(1, (deadline - System.nanoTime()) / 1_000_000))) {
          log.warn("{} does not end: it is killed", child.planned().point().text());
          attempt(child, child.child()::kill);
        }
      } catch (InterruptedException e) { // it is ending already
        interrupted = true;
        attempt(child, child.child()::kill);
      }
    }
    running.clear();
    if (interrupted) {
      throw new InterruptedException("interrupted while children were at work");
    }
  }

  private static boolean ends(Running child, long millis) throws InterruptedException {
    try {
      return child.child().await(millis);
    } catch (IOException e) {
      log.warn("Cannot see whether {} ends", child.planned().point().text(), e);
      return false;
    }
  }

  /** Something that a child is told. */
  private interface Telling {
    void tell() throws IOException;
  }

  /** Tells one child what the others are told too, whatever becomes of this one. */
  private static void attempt(Running child, Telling telling) {
    try {
      telling.tell();
    } catch (IOException e) { // a file system in trouble; what the child does without us is its own
      log.warn("Cannot reach {}", child.planned().point().text(), e);
    }
  }
}
