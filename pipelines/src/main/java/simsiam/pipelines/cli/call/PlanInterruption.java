package simsiam.pipelines.cli.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.stage.Deadline;

/**
 * What happens on Ctrl-C or SIGTERM while a plan is made: whoever has begun work elsewhere for it
 * is told, and the process ends with code 130. As long as nobody has, it ends as any process does.
 */
public final class PlanInterruption implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PlanInterruption.class);

  private final Call call;
  private final Thread hook = new Thread(this::interrupted, "plan-interruption");
  private final List<Consumer<Deadline>> actions = new ArrayList<>();
  private Optional<Deadline> begun = Optional.empty();

  public PlanInterruption(Call call) {
    this.call = call;
  }

  /** As {@link simsiam.pipelines.stage.PipelineContext#onInterrupt}. */
  public void onInterrupt(Consumer<Deadline> action) {
    Optional<Deadline> before;
    synchronized (this) {
      if (actions.isEmpty()) {
        arm();
      }
      actions.add(action);
      before = begun;
    }
    before.ifPresent(action);
  }

  private void arm() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) { // the JVM is on its way down: no work is begun any more
      log.debug("Interrupted before work was begun", e);
      waitForever();
    }
  }

  /** The plan is made, or cannot be; if an interruption has begun, it ends the process instead. */
  @Override
  public void close() {
    synchronized (this) {
      if (actions.isEmpty()) {
        return;
      }
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) { // the JVM is on its way down
      log.debug("Interrupted at the end of the plan", e);
      waitForever();
    }
  }

  private static void waitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void interrupted() {
    Deadline deadline = Deadline.ofSignal();
    List<Consumer<Deadline>> told;
    synchronized (this) {
      begun = Optional.of(deadline);
      told = List.copyOf(actions);
    }
    try {
      told.forEach(action -> action.accept(deadline));
      if (call.output().terminal()) {
        call.output().line(""); // leaves the line of the progress bar
      }
      call.output().complain("interrupted while planning");
      call.output().complain("continue with: " + call.continuation());
    } catch (RuntimeException e) {
      log.error("Cannot end the plan in order", e);
    } finally {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
  }
}
