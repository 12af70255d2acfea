package simsiam.pipelines.cli.console;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.stage.Deadline;

/**
 * Lets a command that goes on until Ctrl-C or SIGTERM clean up: its thread is interrupted, and the
 * process ends when the command has.
 */
public final class OrderlyEnd {
  private static final Logger log = LoggerFactory.getLogger(OrderlyEnd.class);

  private final Thread command = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);

  private final boolean halts;

  private OrderlyEnd(boolean halts) {
    this.halts = halts;
  }

  /** A command's work; gives its exit code. */
  @FunctionalInterface
  public interface Body {
    int run() throws IOException, InterruptedException;
  }

  /** The exit code of the work, or that of an interrupted command. */
  public static int of(Body body) throws IOException {
    return run(new OrderlyEnd(false), body);
  }

  /** The same; the process ends with the code of an interrupted command whatever the signal was. */
  public static int withItsExitCode(Body body) throws IOException {
    return run(new OrderlyEnd(true), body);
  }

  private static int run(OrderlyEnd end, Body body) throws IOException {
    Thread hook = new Thread(end::interrupt, "orderly-end");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return body.run();
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED;
    } finally {
      end.ended.countDown();
      disarm(hook);
    }
  }

  private void interrupt() {
    command.interrupt();
    try {
      long left = Deadline.ofSignal().remaining().toNanos();
      if (!ended.await(left, TimeUnit.NANOSECONDS)) {
        log.warn("Cannot end in order: expected the command's end in time, got none");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (halts) {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
  }

  private static void disarm(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) { // the JVM is on its way down: this is the orderly end
      log.debug("Ended by a signal", e);
    }
  }
}
