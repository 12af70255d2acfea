package simsiam.pipelines.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.sweep.Child;
import simsiam.pipelines.sweep.ChildProgram;
import simsiam.pipelines.sweep.JsonLines;

/** A worker that has offered to run a point, as the launching process sees it; then its child. */
final class RemoteChild implements Child {
  private static final long PROBE_NANOS = 1_000_000_000;
  private static final long POLL_MILLIS = 100;

  private final OfferFolder offer;
  private final JsonLines reports;
  private String host = "";
  private String process = "";
  private int places;
  private int slot;
  private Path point;
  private OptionalInt exit = OptionalInt.empty();
  private boolean gone;
  private long probed = System.nanoTime();

  RemoteChild(OfferFolder offer) {
    this.offer = offer;
    this.reports = offer.readReports();
  }

  /** Reads what the worker tells, and sees now and then whether it is still there. */
  void refresh() throws IOException {
    refresh(System.nanoTime() - probed > PROBE_NANOS);
  }

  /** Whether the worker waits for a point, as of this moment. */
  boolean stillWaits() throws IOException {
    refresh(true);
    return waits();
  }

  private void refresh(boolean due) throws IOException {
    if (gone || exit.isPresent()) {
      return;
    }
    boolean probes = due && !host.isEmpty();
    boolean free = probes && ProcessLock.isFree(offer.lock());
    if (probes) {
      probed = System.nanoTime();
    }
    for (Map<?, ?> report : reports.added()) { // after the lock, which is given back last
      if (report.get("exit") instanceof Number code) {
        exit = OptionalInt.of(code.intValue());
      } else {
        host = String.valueOf(report.get("host"));
        process = host + ":" + report.get("pid");
        places = ((Number) report.get("children")).intValue();
      }
    }
    gone = free && exit.isEmpty();
  }

  /** Whether the worker waits for a point. */
  boolean waits() {
    return !host.isEmpty() && point == null && !gone;
  }

  /** Whether it has a child at work. */
  boolean works() {
    return point != null && exit.isEmpty() && !gone;
  }

  boolean wasHandedAPoint() {
    return point != null;
  }

  /** Whether its child has ended, well or not. */
  boolean isDone() {
    return exit.isPresent();
  }

  /** The worker's process among those of all machines. */
  String process() {
    return process;
  }

  /** Children that the machine has at work at a time, at most. */
  int places() {
    return places;
  }

  /** Number of the child among those at work on its machine, from 0. */
  int slot() {
    return slot;
  }

  /**
   * Hands it a point.
   *
   * @param lock held by the child while it is at work
   */
  void run(ChildProgram.Task task, Path lock, int place) throws IOException {
    point = lock;
    slot = place;
    offer.order(
        OfferFolder.RUN,
        Map.of(
            "config", task.config(), "log", task.log(), "options", task.options(), "slot", place));
  }

  /** Tells it that there is no point for it. */
  void dismiss() throws IOException {
    offer.order(OfferFolder.DISMISS, Map.of());
  }

  @Override
  public OptionalInt exit() throws IOException {
    refresh();
    return exit;
  }

  @Override
  public boolean isLost() throws IOException {
    refresh();
    return gone;
  }

  @Override
  public String machine() {
    return host;
  }

  @Override
  public void terminate() throws IOException {
    offer.order(OfferFolder.TERMINATE, Map.of());
  }

  /** Waits for the end of the child itself, which outlives a worker that was killed for a while. */
  @Override
  public boolean await(long millis) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (exit().isEmpty() && !(gone && ProcessLock.isFree(point))) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  @Override
  public void kill() throws IOException {
    offer.order(OfferFolder.KILL, Map.of());
  }
}
