package simsiam.model.engine.nd4j;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A float32 array outside the Java heap that ND4J ops (through {@link #view}) and Java loops
 * (through {@link #values}) share. Starts at zero; freed by {@link #close}, after which neither may
 * be touched.
 */
final class NativeArray implements AutoCloseable {
  /** Most floats of one array: a Java buffer counts bytes in an int. */
  static final long LIMIT = Integer.MAX_VALUE / Float.BYTES;

  private final INDArray array;
  private final FloatPointer start;
  private final FloatBuffer values;

  NativeArray(long size) {
    if (size < 1 || size > LIMIT) {
      throw new IllegalArgumentException(
          "Cannot allocate a feature map: expected 1 to %s floats, got %s (use a smaller batch)"
              .formatted(LIMIT, size));
    }
    array = Nd4j.create(DataType.FLOAT, size);
    start = new FloatPointer(array.data().addressPointer()).capacity(size);
    values = start.asBuffer();
  }

  int size() {
    return values.capacity();
  }

  FloatBuffer values() {
    return values;
  }

  /** The address of the value at {@code offset}, for native code. */
  Pointer pointer(long offset) {
    return start.getPointer(offset);
  }

  /** The {@code shape} that starts at {@code offset}, row-major, sharing memory. */
  INDArray view(long offset, long... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    if (offset + stride > size()) {
      throw new IllegalArgumentException(
          "Cannot view an array: expected at most %s floats, got %s".formatted(size(), stride));
    }
    return Nd4j.create(array.data(), shape, strides, offset, 'c');
  }

  @Override
  public void close() {
    array.close();
  }
}
