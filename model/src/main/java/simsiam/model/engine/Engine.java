package simsiam.model.engine;

import java.util.SortedMap;
import simsiam.model.augment.ViewDevice;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Tensor;

/** A library that trains and runs networks. Nothing in the training loop knows which. */
public interface Engine {
  /** {@code nd4j}, {@code nd4j-cuda}, {@code torch}, and so on. */
  String name();

  /** Library, version, device, threads: one line for logs and {@code doctor}. */
  String describe();

  /** Threads that work on a step on the CPU; their number decides how sums are rounded. */
  int threads();

  /**
   * A network with the given weights, made by {@link simsiam.model.net.NetworkLayout#initialise} or
   * read from a checkpoint; momentum starts at zero.
   */
  TrainingNet create(Method method, SortedMap<String, Tensor> weights);

  /** The same, of the method of a configuration. */
  default TrainingNet create(NetworkSpec spec, SortedMap<String, Tensor> weights) {
    return create(Method.of(spec), weights);
  }

  /** Whether networks make the views of a training whose {@code augment.device} is this. */
  default boolean makesViews(ViewDevice asked) {
    return false;
  }

  /**
   * Bytes of memory that are free for steps and cached images where networks are; 0 if they cache
   * none.
   */
  default long freeBytes() {
    return 0;
  }

  LinearAlgebra linearAlgebra();
}
