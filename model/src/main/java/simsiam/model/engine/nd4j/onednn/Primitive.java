package simsiam.model.engine.nd4j.onednn;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import simsiam.model.engine.nd4j.kernels.Kernel;

/**
 * A oneDNN primitive bound once to its arrays and run many times. Made within a {@link
 * org.bytedeco.javacpp.PointerScope}, it keeps what it was given beyond it, until it is closed.
 */
final class Primitive implements Kernel {
  private final primitive prepared;
  private final IntMemoryMap arguments;

  Primitive(primitive prepared) {
    arguments = new IntMemoryMap(); // before anything is kept, as this may fail
    this.prepared = prepared.retainReference();
    arguments.retainReference();
  }

  /**
   * Binds an argument.
   *
   * @param argument one of oneDNN's {@code DNNL_ARG_} numbers
   */
  Primitive with(int argument, memory array) {
    arguments.put(argument, array);
    return this;
  }

  @Override
  public void run() {
    prepared.execute(OneDnn.STREAM, arguments);
  }

  @Override
  public void close() {
    arguments.close();
    prepared.close();
  }
}
