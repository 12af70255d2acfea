package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;

/**
 * Owns the feature maps and shared buffers of one bound network; closing it frees them all. Buffers
 * that every layer uses in turn are shared; a layer that needs a larger one than there was keeps
 * its own.
 */
final class Arena implements AutoCloseable {
  private final List<NativeArray> arrays = new ArrayList<>();
  private final Workers workers;
  private NativeArray windows;
  private NativeArray flipped;

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

  /** A buffer for the windows of a convolution, shared between layers. */
  NativeArray windows(long size) {
    if (windows == null || windows.size() < size) {
      windows = array(Math.max(size, Patches.CAPACITY));
    }
    return windows;
  }

  /** A buffer for a flipped kernel, shared between layers. */
  NativeArray flippedKernel(int size) {
    if (flipped == null || flipped.size() < size) {
      flipped = array(size);
    }
    return flipped;
  }

  @Override
  public void close() {
    arrays.forEach(NativeArray::close);
    arrays.clear();
  }
}
