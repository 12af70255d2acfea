package simsiam.model.engine.nd4j.kernels;

/** A piece of work bound to its arrays, run once a step; closing it leaves the arrays alone. */
public interface Kernel extends AutoCloseable {
  void run();

  @Override
  default void close() {}
}
