package simsiam.pipelines.beam;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.joda.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.stage.Deadline;

/**
 * A pipeline on its way to its end, on whatever runner its options name. It does not outlive this
 * process unseen: it is cancelled when the process is told to end, and when waiting for it fails.
 */
public final class BeamRun {
  /** Namespace of the counters of this product's pipelines. */
  public static final String NAMESPACE = "simsiam";

  private static final Logger log = LoggerFactory.getLogger(BeamRun.class);
  private static final Duration POLL = Duration.millis(500);

  /** A pipeline was cancelled, here or on its cluster. */
  public static final class CancelledException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    CancelledException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final Pipeline pipeline;
  private final CountDownLatch ended = new CountDownLatch(1);
  private Optional<PipelineResult> submitted = Optional.empty();
  private boolean cancelled;

  private BeamRun(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** Who looks on while a pipeline runs. */
  @FunctionalInterface
  public interface Monitor {
    /** Told the value of the counter now and then, where the runner lets it be read meanwhile. */
    void counted(long value);

    /** Gets hold of the run before it begins, so as to cancel it. */
    default void begins(BeamRun run) {}
  }

  /**
   * Runs and waits.
   *
   * @param counter name of a counter in {@link #NAMESPACE}
   * @throws IllegalStateException with the first cause's message if the pipeline fails
   */
  public static void toEnd(Pipeline pipeline, String counter, Monitor monitor) {
    BeamRun run = new BeamRun(pipeline);
    monitor.begins(run);
    try {
      run.toEnd(counter, monitor);
    } finally {
      run.ended.countDown();
    }
  }

  private void toEnd(String counter, Monitor monitor) {
    if (pipeline.getOptions().getRunner() == DirectRunner.class) {
      pipeline.getOptions().as(DirectOptions.class).setBlockOnRun(false);
    }
    PipelineResult result = null;
    PipelineResult.State state;
    try {
      result = pipeline.run();
      requireRun(result);
      submitted(result);
      do {
        state = poll(result);
        monitor.counted(value(result, counter));
      } while (state == null || !state.isTerminal());
    } catch (RuntimeException e) {
      log.info("The pipeline failed", e);
      abandon(result, e);
      // Spark's way of being cancelled is to fail.
      throw isCancelled()
          ? new CancelledException(notDone(PipelineResult.State.CANCELLED), e)
          : WorkerFailure.of(e);
    }
    if (state == PipelineResult.State.FAILED && FlinkJob.is(result)) {
      throw WorkerFailure.of(FlinkJob.failure(result));
    }
    if (state == PipelineResult.State.CANCELLED) {
      throw new CancelledException(notDone(state), null);
    }
    if (state != PipelineResult.State.DONE) {
      throw new IllegalStateException(notDone(state));
    }
  }

  private String notDone(PipelineResult.State state) {
    return "Cannot finish pipeline: expected state DONE, got %s (%s)".formatted(state, name());
  }

  /** The job's name, under which a cluster shows it. */
  public String name() {
    return pipeline.getOptions().getJobName();
  }

  /** Whether it is over, or will be with this process. */
  public boolean isOver() {
    return ended.getCount() == 0
        || (FlinkJob.isAttached(pipeline.getOptions()) && submitted().isEmpty());
  }

  /**
   * Cancels it and waits until it is over.
   *
   * @return whether it was over by then; if not, it may go on
   */
  public boolean cancel(Deadline deadline) {
    Thread cancelling = new Thread(this::cancel, "cancel-pipeline");
    cancelling.setDaemon(true);
    cancelling.start();
    try {
      TimeUnit.NANOSECONDS.timedJoin(cancelling, deadline.remaining().toNanos());
      return isOver() || ended.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void cancel() {
    Optional<PipelineResult> result;
    synchronized (this) {
      cancelled = true;
      result = submitted;
    }
    result.ifPresent(this::cancel); // else it is cancelled as soon as it is submitted
  }

  private void cancel(PipelineResult result) {
    try {
      log.info("Cancelling {}", name());
      result.cancel();
    } catch (IOException | RuntimeException e) { // told by that the run does not end
      log.error("Cannot cancel {}", name(), e);
    }
  }

  private void submitted(PipelineResult result) {
    boolean tooLate;
    synchronized (this) {
      submitted = Optional.of(result);
      tooLate = cancelled;
    }
    if (tooLate) {
      cancel(result);
    }
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  private synchronized Optional<PipelineResult> submitted() {
    return submitted;
  }

  /** Leaves no job behind that nobody waits for any more. */
  private static void abandon(PipelineResult result, RuntimeException cause) {
    try {
      if (result != null && !result.getState().isTerminal()) {
        result.cancel();
      }
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /** Waits for a moment; the state by then, null or not terminal while it runs. */
  private static PipelineResult.State poll(PipelineResult result) {
    if (!FlinkJob.is(result)) {
      return result.waitUntilFinish(POLL);
    }
    try {
      Thread.sleep(POLL.getMillis());
      return result.getState();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for a pipeline", e);
    }
  }

  /** Refuses what Dataflow hands back when it was told to write a template. */
  private void requireRun(PipelineResult result) {
    if (result.getClass().getSimpleName().equals("DataflowTemplateJob")) {
      throw new IllegalStateException(
          "Cannot finish pipeline: expected a run, got a template alone, as --templateLocation says"
              + " (%s)".formatted(name()));
    }
  }

  private static long value(PipelineResult result, String counter) {
    MetricQueryResults metrics =
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(MetricNameFilter.named(NAMESPACE, counter))
                    .build());
    long value = 0;
    for (MetricResult<Long> metric : metrics.getCounters()) {
      value += metric.getAttempted();
    }
    return value;
  }
}
