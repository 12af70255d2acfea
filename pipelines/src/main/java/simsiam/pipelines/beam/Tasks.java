package simsiam.pipelines.beam;

import java.io.IOException;
import java.io.Serializable;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Redistribute;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * The beginning of a pipeline: the numbers of tasks known at launch, each of seconds of work,
 * spread over the workers, who find the tasks themselves in {@link SharedRecords}. {@code Create}
 * would do but for the Direct runner, which halves its source while it reads, and turns to a second
 * half only when all else is done: the last tasks of a set would be done one after another by one
 * thread.
 */
public final class Tasks extends PTransform<PBegin, PCollection<Integer>> {
  private static final long serialVersionUID = 1L;

  private final int count;

  private Tasks(int count) {
    this.count = count;
  }

  /** Tasks from 0 to {@code count - 1}. */
  public static Tasks of(int count) {
    return new Tasks(count);
  }

  /** A task for each value that was written. */
  public static Tasks of(SharedRecords<?> tasks) {
    return new Tasks(tasks.count());
  }

  @Override
  public PCollection<Integer> expand(PBegin begin) {
    int all = count; // captured, and not this transform
    return begin
        .apply("Begin", Impulse.create())
        .apply(
            "List",
            FlatMapElements.into(TypeDescriptors.integers())
                .via(impulse -> () -> IntStream.range(0, all).iterator()))
        .setCoder(VarIntCoder.of())
        .apply("Spread", Redistribute.arbitrarily());
  }

  /**
   * The tasks themselves, for steps of which more than one reads them. A single step had better
   * read its own: some runners gather what one step hands to the next.
   */
  public static <T extends Serializable> PTransform<PBegin, PCollection<T>> reading(
      SharedRecords<T> tasks) {
    return new Reading<>(tasks);
  }

  private static final class Reading<T extends Serializable>
      extends PTransform<PBegin, PCollection<T>> {
    private static final long serialVersionUID = 1L;

    private final SharedRecords<T> tasks;

    Reading(SharedRecords<T> tasks) {
      this.tasks = tasks;
    }

    @Override
    public PCollection<T> expand(PBegin begin) {
      return begin
          .apply("Numbers", of(tasks))
          .apply("Read", ParDo.of(new Read<>(tasks)))
          .setCoder(SerializableCoder.of(tasks.type()));
    }
  }

  private static final class Read<T extends Serializable> extends DoFn<Integer, T> {
    private static final long serialVersionUID = 1L;

    private final SharedRecords<T> tasks;

    Read(SharedRecords<T> tasks) {
      this.tasks = tasks;
    }

    @ProcessElement
    public void process(@Element Integer number, OutputReceiver<T> out) throws IOException {
      out.output(tasks.read(number));
    }
  }
}
