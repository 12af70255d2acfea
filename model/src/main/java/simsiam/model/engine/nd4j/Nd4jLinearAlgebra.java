package simsiam.model.engine.nd4j;

import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.nd4j.kernels.BoundOp;
import simsiam.model.engine.nd4j.kernels.NativeArray;

/**
 * Matrix products of heap arrays by ND4J's {@code matmul}. Its native copies of the matrices are
 * kept for the next product: freed and made anew they would pile up, as the C library keeps them
 * too.
 */
final class Nd4jLinearAlgebra implements LinearAlgebra {
  private final Buffer lefts = new Buffer();
  private final Buffer rights = new Buffer();
  private final Buffer products = new Buffer();

  @Override
  public synchronized void gemm(
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
    check("a", a.length, aOffset, (long) m * k);
    check("b", b.length, bOffset, (long) k * n);
    check("c", c.length, 0, (long) m * n);
    NativeArray left = lefts.atLeast((long) m * k);
    NativeArray right = rights.atLeast((long) k * n);
    NativeArray product = products.atLeast((long) m * n);
    left.write(0, a, aOffset, m * k);
    right.write(0, b, bOffset, k * n);
    try (BoundOp op =
        BoundOp.product(
            transposeA ? left.view(0, k, m) : left.view(0, m, k),
            transposeA,
            transposeB ? right.view(0, n, k) : right.view(0, k, n),
            transposeB,
            product.view(0, m, n),
            false)) {
      op.run();
    }
    product.read(0, c, 0, m * n);
  }

  /** Memory that grows to the largest matrix. */
  private static final class Buffer {
    private NativeArray array;

    /** Frees the old array first, as there may be no room for both, nor for the new one alone. */
    NativeArray atLeast(long size) {
      if (array != null && array.size() < size) {
        NativeArray old = array;
        array = null; // whatever happens, nobody finds the freed one here
        old.close();
      }
      if (array == null) {
        array = new NativeArray(size);
      }
      return array;
    }
  }

  private static void check(String matrix, int length, int offset, long needed) {
    if (offset < 0 || length - offset < needed) {
      throw new IllegalArgumentException(
          "Cannot multiply: expected %s values from %s on, got %s (%s)"
              .formatted(needed, offset, length, matrix));
    }
  }
}
