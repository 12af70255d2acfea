package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import simsiam.model.engine.nd4j.Operation.Kind;

/** Kernels in the order they run, and the time spent in each kind. */
final class Program {
  private final List<Operation> operations = new ArrayList<>();
  private final Map<Kind, Long> nanos = new EnumMap<>(Kind.class);

  void add(Kind kind, Kernel kernel) {
    operations.add(new Operation(kind, kernel));
  }

  void addAll(List<Operation> added) {
    operations.addAll(added);
  }

  /** Puts operations before all others: how a backward pass grows as the forward one does. */
  void addFirst(List<Operation> added) {
    operations.addAll(0, added);
  }

  void run() {
    long start = System.nanoTime();
    for (Operation operation : operations) {
      operation.kernel().run();
      long end = System.nanoTime();
      nanos.merge(operation.kind(), end - start, Long::sum);
      start = end;
    }
  }

  /** Nanoseconds by kind since the program was made. */
  Map<Kind, Long> nanos() {
    return nanos;
  }
}
