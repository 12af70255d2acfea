package simsiam.model.engine.nd4j.kernels;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;

/** Kernels in the order they run, and the time spent in each kind. */
public final class Program {
  /** Operations of several kinds that run as one. */
  public interface Chain extends Kernel {
    /** Splits the nanoseconds of its last run into those of the kinds. */
    Map<Kind, Long> split(long nanos);
  }

  private final List<Operation> operations = new ArrayList<>();
  private final Map<Kind, Long> nanos = new EnumMap<>(Kind.class);

  public void add(Operation operation) {
    operations.add(operation);
  }

  public void addAll(List<Operation> added) {
    operations.addAll(added);
  }

  public void run() {
    long start = System.nanoTime();
    for (Operation operation : operations) {
      operation.kernel().run();
      long end = System.nanoTime();
      if (operation.kernel() instanceof Chain chain) {
        chain.split(end - start).forEach((kind, time) -> nanos.merge(kind, time, Long::sum));
      } else {
        nanos.merge(operation.kind(), end - start, Long::sum);
      }
      start = end;
    }
  }

  /** Nanoseconds by kind since the program was made. */
  public Map<Kind, Long> nanos() {
    return nanos;
  }
}
