package simsiam.model.engine.torch;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.engine.LinearAlgebra;

/** Float32 matrix products on the engine's device. */
record TorchLinearAlgebra(TorchRuntime runtime) implements LinearAlgebra {
  @Override
  public void gemm(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      float[] c) {
    runtime.enter();
    NativeScope.evaluating(
        () -> {
          Tensor left = matrix("a", transposeA, m, k, a, aOffset);
          Tensor right = matrix("b", transposeB, k, n, b, bOffset);
          Transfer.copy(torch.mm(left, right), c);
        });
  }

  @Override
  public HeldRows hold(int m, int k, float[] rows) {
    runtime.enter();
    Tensor held = NativeScope.freeing(() -> Transfer.of(rows, runtime, m, k).retainReference());
    return new HeldRows() {
      @Override
      public void times(int n, float[] b, int bOffset, float[] c) {
        runtime.enter();
        NativeScope.evaluating(
            () -> Transfer.copy(torch.mm(held, matrix("b", true, k, n, b, bOffset)), c));
      }

      @Override
      public void close() {
        held.close();
      }
    };
  }

  private Tensor matrix(
      String name, boolean transpose, int rows, int columns, float[] values, int offset) {
    int length = Math.multiplyExact(rows, columns);
    if (offset < 0 || values.length - offset < length) {
      throw new IllegalArgumentException(
          "Cannot multiply: expected %s values from %s on, got %s (%s)"
              .formatted(length, offset, values.length, name));
    }
    FloatPointer data = new FloatPointer(length).put(values, offset, length);
    return transpose
        ? runtime.toDevice(torch.from_blob(data, columns, rows)).t()
        : runtime.toDevice(torch.from_blob(data, rows, columns));
  }
}
