package simsiam.pipelines.beam;

import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Redistribute;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * The beginning of a pipeline: tasks known at launch, each of seconds of work, spread over the
 * workers. {@code Create} would do but for the Direct runner, which halves its source while it
 * reads, and turns to a second half only when all else is done: the last tasks of a set would be
 * done one after another by one thread.
 */
public final class Tasks<T extends Serializable> extends PTransform<PBegin, PCollection<T>> {
  private static final long serialVersionUID = 1L;

  private final Class<T> type;
  private final List<T> tasks;

  private Tasks(Class<T> type, List<T> tasks) {
    this.type = type;
    this.tasks = List.copyOf(tasks);
  }

  public static <T extends Serializable> Tasks<T> of(Class<T> type, List<T> tasks) {
    return new Tasks<>(type, tasks);
  }

  @Override
  public PCollection<T> expand(PBegin begin) {
    List<T> all = tasks; // captured, and not this transform
    return begin
        .apply("Begin", Impulse.create())
        .apply("List", FlatMapElements.into(TypeDescriptor.of(type)).via(impulse -> all))
        .setCoder(SerializableCoder.of(type))
        .apply("Spread", Redistribute.arbitrarily());
  }
}
