package simsiam.pipelines.beam;

import java.lang.reflect.Field;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * What Beam's Flink runner does in ways of its own. In attached mode it hands a job out when that
 * has ended, so that none can be cancelled; it is for Flink inside this process alone. In detached
 * mode, in which jobs go to a cluster, it keeps to itself why a job has failed. Flink's classes are
 * in builds with that runner alone, so they go by name here.
 */
final class FlinkJob {
  private static final String DETACHED = "FlinkDetachedRunnerResult";

  private FlinkJob() {}

  /** The runner's own option, as its interface declares it; Beam wants it public. */
  public interface Attachment extends PipelineOptions {
    @Default.Boolean(true)
    boolean getAttachedMode();

    void setAttachedMode(boolean attached);
  }

  /** Whether a run hands out its job when that has ended. */
  static boolean isAttached(PipelineOptions options) {
    return options.getRunner().getSimpleName().equals("FlinkRunner")
        && options.as(Attachment.class).getAttachedMode();
  }

  /** Whether this is a job on a cluster. */
  static boolean is(PipelineResult result) {
    return result.getClass().getSimpleName().equals(DETACHED);
  }

  /** Why a job has failed. */
  static Throwable failure(PipelineResult failed) {
    try {
      Field field = failed.getClass().getDeclaredField("jobClient");
      field.setAccessible(true);
      Object client = field.get(failed);
      CompletionStage<?> end =
          (CompletionStage<?>)
              Class.forName(
                      "org.apache.flink.core.execution.JobClient",
                      false,
                      failed.getClass().getClassLoader())
                  .getMethod("getJobExecutionResult")
                  .invoke(client);
      end.toCompletableFuture().join();
    } catch (CompletionException e) {
      return e.getCause();
    } catch (ReflectiveOperationException e) {
      return new IllegalStateException(
          "Cannot read why the job failed: expected Beam 2.62's %s".formatted(DETACHED), e);
    }
    return new IllegalStateException("Cannot finish pipeline: Flink does not say why");
  }
}
