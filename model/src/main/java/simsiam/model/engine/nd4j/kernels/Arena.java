package simsiam.model.engine.nd4j.kernels;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.engine.nd4j.plan.MapShape;

/**
 * Owns the native memory of one bound network, feature maps, shared buffers and kernels, from the
 * moment each is made; closing it frees all.
 */
public final class Arena implements AutoCloseable {
  private final List<NativeArray> arrays = new ArrayList<>();
  private final List<Kernel> kernels = new ArrayList<>();
  private final Map<String, NativeArray> shared = new HashMap<>();

  /** A map of its own memory. */
  public FeatureMap map(MapShape shape) {
    return new FeatureMap(shape, array(shape.size()));
  }

  public FeatureMap map(MapShape shape, ElementType type) {
    return new FeatureMap(shape, array(type.floats(shape.size())), type);
  }

  public NativeArray array(long size) {
    NativeArray array = new NativeArray(size);
    arrays.add(array);
    return array;
  }

  /** Takes a kernel into care, which is closed with this. */
  public <K extends Kernel> K own(K kernel) {
    kernels.add(kernel);
    return kernel;
  }

  /**
   * A buffer that every layer which asks for this purpose uses in turn; a layer that needs a larger
   * one than there was keeps its own.
   */
  public NativeArray shared(String purpose, long size) {
    NativeArray array = shared.get(purpose);
    if (array == null || array.size() < size) {
      array = array(size);
      shared.put(purpose, array);
    }
    return array;
  }

  @Override
  public void close() {
    kernels.forEach(Kernel::close);
    kernels.clear();
    arrays.forEach(NativeArray::close);
    arrays.clear();
  }
}
