package simsiam.model.engine.nd4j.kernels;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.engine.nd4j.plan.MapShape;

/**
 * Feature maps at the start of an array, which may be larger and shared between maps.
 *
 * @param type how a value is stored; ND4J's operations know float32 alone
 */
public record FeatureMap(MapShape shape, NativeArray storage, ElementType type) {
  /** Maps of float32. */
  public FeatureMap(MapShape shape, NativeArray storage) {
    this(shape, storage, ElementType.FLOAT32);
  }

  public boolean isBfloat16() {
    return type == ElementType.BFLOAT16;
  }

  /** The values of float32 maps in the memory of this process. */
  public FloatBuffer values() {
    requireFloat32();
    return storage.values();
  }

  /** The address of the value at index {@code at} in the memory of this process. */
  public Pointer pointer(long at) {
    return storage.address(at * type.bytes());
  }

  /** Copies {@code count} values from index {@code at} on to {@code to[first]} on. */
  public void read(int at, float[] to, int first, int count) {
    if (isBfloat16()) {
      ShortBuffer values = storage.halves();
      for (int i = 0; i < count; i++) {
        to[first + i] = Bfloat16.toFloat(values.get(at + i));
      }
    } else {
      storage.read(at, to, first, count);
    }
  }

  /** Copies {@code count} values from {@code from[first]} on to index {@code at} on. */
  public void write(int at, float[] from, int first, int count) {
    if (isBfloat16()) {
      ShortBuffer values = storage.halves();
      for (int i = 0; i < count; i++) {
        values.put(at + i, Bfloat16.of(from[first + i]));
      }
    } else {
      storage.write(at, from, first, count);
    }
  }

  private void requireFloat32() {
    if (isBfloat16()) {
      throw new IllegalStateException(
          "Cannot compute on maps of bf16 here: expected float32, which ND4J's own operations need"
              + " (train.precision bf16 is for oneDNN's on the CPU)");
    }
  }

  /** The maps as [N, H, W, C]. */
  public INDArray nhwc() {
    requireFloat32();
    return storage.view(0, shape.batch(), shape.height(), shape.width(), shape.channels());
  }

  /** {@code rows} rows from {@code row} on of the matrix [N·H·W, C]. */
  public INDArray rows(int row, int rows) {
    requireFloat32();
    return storage.view((long) row * shape.channels(), rows, shape.channels());
  }

  public INDArray matrix() {
    return rows(0, shape.rows());
  }
}
