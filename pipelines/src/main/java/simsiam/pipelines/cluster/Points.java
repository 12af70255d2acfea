package simsiam.pipelines.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import simsiam.pipelines.beam.BeamRun;

/**
 * The pipeline of a sweep: an element for each point, and a worker for each element. Which point an
 * element's worker gets is decided when it is there, so that none waits for what another point is
 * making while others could begin.
 *
 * <p>The elements come from a source of which each split is one: a runner hands the next to whoever
 * is free, as they take from minutes to days, where a reshuffle would deal them out beforehand. Nor
 * does anything lie between the source and the work that a lost worker could take with it: then its
 * elements alone are done again.
 */
final class Points {
  static final String COUNTER = "points";

  private Points() {}

  /** Adds it to a pipeline. */
  static void add(Pipeline pipeline, ClusterJob job, int points) {
    pipeline
        .apply("Points", Read.from(new Numbers(0, points)))
        .apply("Run", ParDo.of(new Run(job)));
  }

  /** The numbers from one to before another. */
  static final class Numbers extends BoundedSource<Integer> {
    private static final long serialVersionUID = 1L;

    private final int from;
    private final int to;

    Numbers(int from, int to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public List<Numbers> split(long desiredBundleSizeBytes, PipelineOptions options) {
      List<Numbers> single = new ArrayList<>();
      for (int number = from; number < to; number++) {
        single.add(new Numbers(number, number + 1));
      }
      return single;
    }

    @Override
    public long getEstimatedSizeBytes(PipelineOptions options) {
      return (long) to - from;
    }

    @Override
    public Coder<Integer> getOutputCoder() {
      return VarIntCoder.of();
    }

    @Override
    public BoundedReader<Integer> createReader(PipelineOptions options) {
      return new NumberReader(this);
    }
  }

  private static final class NumberReader extends BoundedSource.BoundedReader<Integer> {
    private final Numbers source;
    private int current;

    NumberReader(Numbers source) {
      this.source = source;
      this.current = source.from - 1;
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      current++;
      return current < source.to;
    }

    @Override
    public Integer getCurrent() {
      return current;
    }

    @Override
    public BoundedSource<Integer> getCurrentSource() {
      return source;
    }

    @Override
    public void close() {}
  }

  private static final class Run extends DoFn<Integer, Void> {
    private static final long serialVersionUID = 1L;

    private final ClusterJob job;
    private final Counter points = Metrics.counter(BeamRun.NAMESPACE, COUNTER);

    Run(ClusterJob job) {
      this.job = job;
    }

    @ProcessElement
    public void process() throws IOException, InterruptedException {
      Worker.serve(job);
      points.inc();
    }
  }
}
