package simsiam.model.engine.nd4j.kernels;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A float32 array of ND4J's. Kernels that consist of its operations use {@link #view}; on the CPU
 * alone, Java loops and native libraries share its memory by {@link #values} and {@link #pointer}.
 * Starts at zero; freed by {@link #close}, after which it may not be touched.
 */
public final class NativeArray implements AutoCloseable {
  /** Most floats of one array: a Java buffer counts bytes in an int. */
  public static final long LIMIT = Integer.MAX_VALUE / Float.BYTES;

  private final INDArray array;
  private final int size;
  private final boolean onHost = Nd4j.getEnvironment().isCPU();
  private FloatPointer start;
  private FloatBuffer values;
  private ShortBuffer halves;

  public NativeArray(long size) {
    if (size < 1 || size > LIMIT) {
      throw new IllegalArgumentException(
          "Cannot allocate a feature map: expected 1 to %s floats, got %s (use a smaller batch)"
              .formatted(LIMIT, size));
    }
    array = Nd4j.create(DataType.FLOAT, size);
    this.size = Math.toIntExact(size);
  }

  public int size() {
    return size;
  }

  /** The values in the memory of this process. */
  public FloatBuffer values() {
    if (values == null) {
      values = start().asBuffer();
    }
    return values;
  }

  /** The same memory as twice as many values of half the size. */
  ShortBuffer halves() {
    if (halves == null) {
      halves = new ShortPointer(start()).capacity(2L * size).asBuffer();
    }
    return halves;
  }

  /** The address {@code bytes} behind the start in the memory of this process. */
  Pointer address(long bytes) {
    return new BytePointer(start()).getPointer(bytes);
  }

  /** The address of the value at {@code offset} in the memory of this process. */
  public Pointer pointer(long offset) {
    return start().getPointer(offset);
  }

  private FloatPointer start() {
    if (start == null) {
      start = new FloatPointer(array.data().addressPointer()).capacity(size);
    }
    return start;
  }

  /** Copies {@code count} values from {@code from[first]} on to index {@code at} on. */
  public void write(int at, float[] from, int first, int count) {
    if (onHost) {
      values().put(at, from, first, count);
    } else {
      writeByOperation(at, from, first, count);
    }
  }

  /** The same on every backend. */
  void writeByOperation(int at, float[] from, int first, int count) {
    try (INDArray source = Nd4j.createFromArray(Arrays.copyOfRange(from, first, first + count))) {
      view(at, count).assign(source);
    }
  }

  /** Copies {@code count} values from index {@code at} on to {@code to[first]} on. */
  public void read(int at, float[] to, int first, int count) {
    if (onHost) {
      values().get(at, to, first, count);
    } else {
      readByOperation(at, to, first, count);
    }
  }

  /** The same on every backend. */
  void readByOperation(int at, float[] to, int first, int count) {
    try (INDArray copy = view(at, count).dup()) {
      System.arraycopy(copy.data().asFloat(), 0, to, first, count);
    }
  }

  /** The {@code shape} that starts at {@code offset}, row-major, sharing memory. */
  public INDArray view(long offset, long... shape) {
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
