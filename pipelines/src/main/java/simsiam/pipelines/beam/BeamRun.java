package simsiam.pipelines.beam;

import java.util.function.LongConsumer;
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

/** Runs a pipeline to its end, on whatever runner its options name. */
public final class BeamRun {
  /** Namespace of the counters of this product's pipelines. */
  public static final String NAMESPACE = "simsiam";

  private static final Logger log = LoggerFactory.getLogger(BeamRun.class);
  private static final Duration POLL = Duration.millis(500);

  private BeamRun() {}

  /**
   * Runs and waits.
   *
   * @param counter name of a counter in {@link #NAMESPACE}
   * @param progress told its value now and then, where the runner lets it be read meanwhile
   * @throws IllegalStateException with the first cause's message if the pipeline fails
   */
  public static void toEnd(Pipeline pipeline, String counter, LongConsumer progress) {
    if (pipeline.getOptions().getRunner() == DirectRunner.class) {
      pipeline.getOptions().as(DirectOptions.class).setBlockOnRun(false);
    }
    PipelineResult.State state;
    try {
      PipelineResult result = pipeline.run();
      requireRun(result, pipeline);
      do {
        state = result.waitUntilFinish(POLL);
        progress.accept(value(result, counter));
      } while (state == null || !state.isTerminal());
    } catch (RuntimeException e) {
      log.info("The pipeline failed", e);
      throw WorkerFailure.of(e);
    }
    if (state != PipelineResult.State.DONE) {
      throw new IllegalStateException(
          "Cannot finish pipeline: expected state DONE, got %s (%s)"
              .formatted(state, pipeline.getOptions().getJobName()));
    }
  }

  /** Refuses what Dataflow hands back when it was told to write a template. */
  private static void requireRun(PipelineResult result, Pipeline pipeline) {
    if (result.getClass().getSimpleName().equals("DataflowTemplateJob")) {
      throw new IllegalStateException(
          "Cannot finish pipeline: expected a run, got a template alone, as --templateLocation says"
              + " (%s)".formatted(pipeline.getOptions().getJobName()));
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
