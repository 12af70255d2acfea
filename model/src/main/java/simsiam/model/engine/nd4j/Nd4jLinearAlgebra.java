package simsiam.model.engine.nd4j;

import simsiam.model.engine.LinearAlgebra;

/**
 * Matrix products of heap arrays by ND4J's {@code matmul}. Its native copies of the matrices are
 * kept for the next product: freed and made anew they would pile up, as the C library keeps them
 * too.
 */
final class Nd4jLinearAlgebra implements LinearAlgebra {
  private NativeArray left;
  private NativeArray right;
  private NativeArray product;

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
    left = atLeast((long) m * k, left);
    right = atLeast((long) k * n, right);
    product = atLeast((long) m * n, product);
    left.values().put(0, a, aOffset, m * k);
    right.values().put(0, b, bOffset, k * n);
    try (MatrixProduct op =
        new MatrixProduct(
            transposeA ? left.view(0, k, m) : left.view(0, m, k),
            transposeA,
            transposeB ? right.view(0, n, k) : right.view(0, k, n),
            transposeB,
            product.view(0, m, n),
            false)) {
      op.run();
    }
    product.values().get(0, c, 0, m * n);
  }

  private static NativeArray atLeast(long size, NativeArray array) {
    if (array != null && array.size() >= size) {
      return array;
    }
    if (array != null) {
      array.close();
    }
    return new NativeArray(size);
  }

  private static void check(String matrix, int length, int offset, long needed) {
    if (offset < 0 || length - offset < needed) {
      throw new IllegalArgumentException(
          "Cannot multiply: expected %s values from %s on, got %s (%s)"
              .formatted(needed, offset, length, matrix));
    }
  }
}
