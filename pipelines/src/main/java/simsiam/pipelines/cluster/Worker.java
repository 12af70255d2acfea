package simsiam.pipelines.cluster;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.machine.Machine;
import simsiam.pipelines.sweep.ChildProcess;
import simsiam.pipelines.sweep.ChildProgram;
import simsiam.pipelines.sweep.JsonLines;
import simsiam.pipelines.sweep.Share;

/**
 * What a worker does for one element: it offers to run a point, waits for one, and runs it in a
 * child of its own. Whatever becomes of the point is a result. The child ends when the launching
 * process is gone, when the runner cancels the element, and when the worker itself ends.
 */
final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final long POLL_MILLIS = 200;
  private static final long LAUNCHER_NANOS = 1_000_000_000;
  private static final long LEAST_MEMORY_MB = 1024;

  /** Less than the 30 s that clusters and systems grant to what they end. */
  private static final long SAVE_MILLIS = 27_000;

  private final ClusterJob job;
  private final OfferFolder offer;
  private final JsonLines orders;
  private final Share share;
  private Optional<ChildProcess> child = Optional.empty();
  private boolean dismissed;

  private Worker(ClusterJob job, OfferFolder offer, Share share) {
    this.job = job;
    this.offer = offer;
    this.orders = offer.readOrders();
    this.share = share;
  }

  /**
   * Runs a point, or none if there is none left.
   *
   * @throws IllegalStateException if this machine does not see what it needs
   */
  static void serve(ClusterJob job) throws IOException, InterruptedException {
    String host = SharedFolder.worker();
    job.folder().require();
    if (job.isClosed()) {
      return;
    }
    job.distribution().require(host);
    job.requireLauncher();
    OfferFolder offer = OfferFolder.in(job.offers());
    Share share = share(job.children());
    try (ProcessLock lock = ProcessLock.tryAcquire(offer.lock()).orElseThrow()) {
      log.info("Offers to run a point: {}, {}", offer.folder(), lock.isHeld());
      offer.report(
          Map.of("host", host, "pid", ProcessHandle.current().pid(), "children", share.children()));
      new Worker(job, offer, share).serve();
    }
  }

  /** Equal parts of this machine without what this process may take. */
  private static Share share(int children) throws IOException {
    Machine machine = new Machine();
    long own = Runtime.getRuntime().maxMemory() >> 20;
    long memory = Math.max(LEAST_MEMORY_MB, machine.memoryMb() - own);
    Share.Machine all =
        new Share.Machine(
            machine.physicalCores(),
            Math.min(Share.MOST_HEAP_MB, memory / 4),
            Optional.of(memory * 8 / 10),
            machine.devices());
    return Share.of(children == 0 ? all.children() : children, all);
  }

  private void serve() throws IOException, InterruptedException {
    long seen = System.nanoTime();
    try {
      OptionalInt exit = OptionalInt.empty();
      while (!dismissed && exit.isEmpty()) {
        Thread.sleep(POLL_MILLIS);
        for (Map<?, ?> order : orders.added()) {
          follow(order);
        }
        if (System.nanoTime() - seen > LAUNCHER_NANOS) {
          job.requireLauncher();
          seen = System.nanoTime();
        }
        exit = child.isPresent() ? child.get().exit() : exit;
      }
      if (exit.isPresent()) {
        offer.report(Map.of("exit", exit.getAsInt()));
      }
    } finally {
      end();
    }
  }

  private void follow(Map<?, ?> order) throws IOException {
    switch (String.valueOf(order.get("order"))) {
      case OfferFolder.RUN -> child = Optional.of(start(order));
      case OfferFolder.TERMINATE -> child.ifPresent(ChildProcess::terminate);
      case OfferFolder.KILL -> child.ifPresent(ChildProcess::kill);
      case OfferFolder.DISMISS -> dismissed = true;
      default ->
          throw new IllegalStateException(
              "Cannot follow an order: expected one of this release, got " + order);
    }
  }

  private ChildProcess start(Map<?, ?> order) throws IOException {
    ChildProgram.Task task =
        new ChildProgram.Task(
            String.valueOf(order.get("config")),
            String.valueOf(order.get("log")),
            texts(order.get("options")),
            List.of());
    return ChildProcess.start(job.program(), task, share, ((Number) order.get("slot")).intValue());
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }

  /** Ends the child if it is still at work; what interrupts this thread meanwhile has to wait. */
  private void end() {
    if (child.isEmpty() || child.get().exit().isPresent()) {
      return;
    }
    child.get().terminate();
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + SAVE_MILLIS * 1_000_000;
    while (child.get().exit().isEmpty()) {
      if (System.nanoTime() > deadline) {
        child.get().kill();
      }
      try {
        Thread.sleep(POLL_MILLIS / 2);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
