package simsiam.pipelines.cli.call;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.stage.Tracking;
import simsiam.pipelines.stage.run.GraphRunner;

/**
 * What happens on Ctrl-C or SIGTERM while a run is at work: the stage and the tracker are told, the
 * invocation is marked, and the process ends with code 130. Nothing that is written by then needs
 * the process to live on: outputs are committed whole, checkpoints too.
 */
public final class Interruption {
  private static final Logger log = LoggerFactory.getLogger(Interruption.class);

  /** What the stage must leave to the tracker. */
  private static final Duration TRACKER = Duration.ofSeconds(5);

  private final Call call;
  private final GraphRunner runner;
  private final Tracking tracking;
  private final RunSummary summary;
  private final Runnable mark;
  private final Thread hook = new Thread(this::interrupted, "interruption");
  private final CountDownLatch never = new CountDownLatch(1);
  private volatile boolean begun;

  /**
   * Waits to be armed.
   *
   * @param mark marks the invocation as interrupted
   */
  public Interruption(
      Call call, GraphRunner runner, Tracking tracking, RunSummary summary, Runnable mark) {
    this.call = call;
    this.runner = runner;
    this.tracking = tracking;
    this.summary = summary;
    this.mark = mark;
  }

  public void arm() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The run is over; if an interruption has begun, it ends the process instead. */
  public void disarm() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) { // the JVM is on its way down
      log.debug("Interrupted at the very end", e);
      waitForever();
    }
  }

  /** Keeps errors that only the interruption has caused from being reported. */
  public void waitIfBegun() {
    if (begun) {
      waitForever();
    }
  }

  private void waitForever() {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void interrupted() {
    begun = true;
    Deadline deadline = Deadline.ofSignal();
    try {
      Optional<String> stage = runner.interrupt(deadline.before(TRACKER));
      Thread tracker = new Thread(() -> close(stage), "interruption-tracker");
      tracker.setDaemon(true);
      tracker.start();
      mark.run();
      if (call.output().terminal()) {
        call.output().line(""); // leaves the line of the progress bar
      }
      call.output().complain("interrupted" + stage.map(name -> " in " + name).orElse(""));
      call.output().complain("continue with: " + call.continuation());
      TimeUnit.NANOSECONDS.timedJoin(tracker, deadline.remaining().toNanos());
    } catch (InterruptedException | RuntimeException e) {
      log.error("Cannot end the run in order", e);
    } finally {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
  }

  private void close(Optional<String> stage) {
    try {
      stage.ifPresent(name -> tracking.end(name, RunOutcome.INTERRUPTED, Optional.empty()));
      tracking.outcome(RunOutcome.INTERRUPTED, summary);
      tracking.close();
    } catch (RuntimeException e) { // the tracker may be on its way down by itself
      log.error(Console.TOLD, "Cannot tell the tracker of the interruption", e);
    }
  }
}
