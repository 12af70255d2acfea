package simsiam.pipelines.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.stage.Deadline;

/** The Direct runner's pipelines; those of clusters are in the runners' own tests. */
class BeamRunTest {
  private static final int TASKS = 400;
  private static final String COUNTER = "done";

  /** Of the one pipeline at work; its workers are threads of this process. */
  private static final AtomicInteger done = new AtomicInteger();

  @BeforeEach
  void reset() {
    done.set(0);
  }

  /** Takes a while for each element. */
  private static final class Slow extends DoFn<Integer, Void> {
    private static final long serialVersionUID = 1L;
    private final Counter counter = Metrics.counter(BeamRun.NAMESPACE, COUNTER);
    private final long millis;

    Slow(long millis) {
      this.millis = millis;
    }

    @ProcessElement
    public void process() throws InterruptedException {
      Thread.sleep(millis);
      done.incrementAndGet();
      counter.inc();
    }
  }

  private static Pipeline pipeline(long millis) {
    Pipeline pipeline = Pipeline.create(BeamOptions.parse(List.of("--targetParallelism=2")));
    pipeline.apply(Tasks.of(TASKS)).apply(ParDo.of(new Slow(millis)));
    return pipeline;
  }

  /** Keeps the run that it is shown. */
  private static class Keeper implements BeamRun.Monitor {
    final AtomicReference<BeamRun> run = new AtomicReference<>();

    @Override
    public void counted(long value) {}

    @Override
    public void begins(BeamRun begun) {
      run.set(begun);
    }
  }

  private static void requireStopped() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(200); // for what was in work
    int then = done.get();
    TimeUnit.MILLISECONDS.sleep(500);
    assertThat(done.get()).as("elements").isEqualTo(then).isLessThan(TASKS);
  }

  @Test
  void aPipelineThatEndsIsOver() {
    Keeper keeper = new Keeper();
    BeamRun.toEnd(pipeline(0), COUNTER, keeper);

    assertThat(done).hasValue(TASKS);
    assertThat(keeper.run.get().isOver()).isTrue();
    assertThat(keeper.run.get().cancel(Deadline.in(Duration.ZERO))).as("is over").isTrue();
  }

  @Test
  void aCancelledPipelineStops() throws Exception {
    Keeper keeper = new Keeper();
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(() -> BeamRun.toEnd(pipeline(50), COUNTER, keeper));
    while (done.get() == 0) {
      TimeUnit.MILLISECONDS.sleep(5);
    }

    assertThat(keeper.run.get().isOver()).isFalse();
    assertThat(keeper.run.get().cancel(Deadline.in(Duration.ofSeconds(10)))).isTrue();

    assertThatThrownBy(end::join)
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage(
            "Cannot finish pipeline: expected state DONE, got CANCELLED (%s)",
            keeper.run.get().name());
    requireStopped();
  }

  @Test
  void aPipelineThatIsCancelledWhileItIsSubmittedStopsToo() throws Exception {
    BeamRun.Monitor monitor =
        new Keeper() {
          @Override
          public void begins(BeamRun run) {
            assertThat(run.cancel(Deadline.in(Duration.ofMillis(100)))).as("is over").isFalse();
          }
        };
    assertThatThrownBy(() -> BeamRun.toEnd(pipeline(50), COUNTER, monitor))
        .hasMessageStartingWith("Cannot finish pipeline: expected state DONE, got CANCELLED");
    requireStopped();
  }

  @Test
  void aPipelineThatNobodyWaitsForAnyMoreStops() throws Exception {
    assertThatThrownBy(
            () ->
                BeamRun.toEnd(
                    pipeline(50),
                    COUNTER,
                    value -> {
                      throw new IllegalStateException("the console is gone");
                    }))
        .hasMessage("the console is gone");
    requireStopped();
  }
}
