package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;

/**
 * Owns the native memory of one bound network, feature maps, shared buffers and kernels, from the
 * moment each is made; closing it frees all. Buffers that every layer uses in turn are shared; a
 * layer that needs a larger one than there was keeps its own.
 */
final class Arena implements AutoCloseable {
  private final List<NativeArray> arrays = new ArrayList<>();
  private final List<Kernel> kernels = new ArrayList<>();
  private final Workers workers;
  private NativeArray packedKernel;
  private NativeArray scratchpad;

  Arena(Workers workers) {
    this.workers = workers;
  }

  Workers workers() {
    return workers;
  }

  /** A map of its own memory. */
  FeatureMap map(MapShape shape) {
    return new FeatureMap(shape, array(shape.size()));
  }

  NativeArray array(long size) {
    NativeArray array = new NativeArray(size);
    arrays.add(array);
    return array;
  }

  /** Takes a kernel into care, which is closed with this. */
  <K extends Kernel> K own(K kernel) {
    kernels.add(kernel);
    return kernel;
  }

  /** A buffer for a kernel in oneDNN's layout, shared between layers. */
  NativeArray packedKernel(long size) {
    if (packedKernel == null || packedKernel.size() < size) {
      packedKernel = array(size);
    }
    return packedKernel;
  }

  /** A buffer for oneDNN to work in, shared between layers. */
  NativeArray scratchpad(long size) {
    if (scratchpad == null || scratchpad.size() < size) {
      scratchpad = array(size);
    }
    return scratchpad;
  }

  @Override
  public void close() {
    kernels.forEach(Kernel::close);
    kernels.clear();
    arrays.forEach(NativeArray::close);
    arrays.clear();
  }
}
