package simsiam.pipelines.beam;

import java.io.Serializable;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.PCollection;

/**
 * A few large tasks, known at launch, where a pipeline begins. Each is a split of its own, which a
 * runner hands to whoever is free. What {@code Create} makes is split by the runner as it sees fit:
 * Direct goes on halving it, and works on the second halves only once all else is done, one after
 * the other.
 */
public final class TaskSource<T extends Serializable> extends BoundedSource<T> {
  private final Class<T> type;
  private final List<T> tasks;

  private TaskSource(Class<T> type, List<T> tasks) {
    this.type = type;
    this.tasks = List.copyOf(tasks);
  }

  /** Begins a pipeline with these tasks. */
  public static <T extends Serializable> PCollection<T> begin(
      Pipeline pipeline, String name, Class<T> type, List<T> tasks) {
    return pipeline.apply(name, Read.from(new TaskSource<>(type, tasks)));
  }

  @Override
  public List<TaskSource<T>> split(long desiredBundleSizeBytes, PipelineOptions options) {
    return tasks.stream().map(task -> new TaskSource<>(type, List.of(task))).toList();
  }

  /** In tasks: runners compare sizes of one source with each other. */
  @Override
  public long getEstimatedSizeBytes(PipelineOptions options) {
    return tasks.size();
  }

  @Override
  public Coder<T> getOutputCoder() {
    return SerializableCoder.of(type);
  }

  @Override
  public BoundedReader<T> createReader(PipelineOptions options) {
    return new Reader();
  }

  private final class Reader extends BoundedReader<T> {
    private int next;

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      return next++ < tasks.size();
    }

    @Override
    public T getCurrent() {
      if (next < 1 || next > tasks.size()) {
        throw new NoSuchElementException("Cannot read task %d of %d".formatted(next, tasks.size()));
      }
      return tasks.get(next - 1);
    }

    @Override
    public TaskSource<T> getCurrentSource() {
      return TaskSource.this;
    }

    @Override
    public void close() {}
  }
}
