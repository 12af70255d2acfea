package simsiam.pipelines.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.preprocess.PreparedSummary;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.RunnerOptions;

/** A pipeline that is cancelled in its midst, as by Ctrl-C. */
final class CancelledPipeline {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private CancelledPipeline() {}

  /**
   * Runs it until a worker writes, cancels it, and sees that nothing more is written.
   *
   * @return the job's name
   */
  static String of(Study study, Path folder, RunnerOptions runner, ClusterProcess worker)
      throws Exception {
    Path examples = Files.createDirectories(folder);
    AtomicReference<BeamRun> run = new AtomicReference<>();
    BeamRun.Monitor monitor =
        new BeamRun.Monitor() {
          @Override
          public void counted(long value) {}

          @Override
          public void begins(BeamRun begun) {
            run.set(begun);
          }
        };
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(() -> study.preprocess(examples, runner, monitor));
    worker.await(() -> Study.begun(examples) || end.isDone());

    assertThat(run.get().isOver()).as("over before it was cancelled").isFalse();
    assertThat(run.get().cancel(Deadline.in(LIMIT))).as("over in time").isTrue();

    assertThatThrownBy(() -> end.get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot finish pipeline: expected state DONE, got CANCELLED (%s)", run.get().name());
    Map<String, String> left = Study.files(examples);
    TimeUnit.SECONDS.sleep(2);
    assertThat(left) // a worker may still remove what it had begun
        .containsAllEntriesOf(Study.files(examples))
        .doesNotContainKey(PreparedSummary.FILE_NAME);
    return run.get().name();
  }
}
