package simsiam.model.engine.nd4j;

import simsiam.model.engine.LinearAlgebra;

/** Matrix products of heap arrays by ND4J's {@code matmul}. */
final class Nd4jLinearAlgebra implements LinearAlgebra {
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
    try (NativeArray left = new NativeArray((long) m * k);
        NativeArray right = new NativeArray((long) k * n);
        NativeArray product = new NativeArray((long) m * n);
        MatrixProduct op =
            new MatrixProduct(
                transposeA ? left.view(0, k, m) : left.view(0, m, k),
                transposeA,
                transposeB ? right.view(0, n, k) : right.view(0, k, n),
                transposeB,
                product.view(0, m, n),
                false)) {
      left.values().put(0, a, aOffset, m * k);
      right.values().put(0, b, bOffset, k * n);
      op.run();
      product.values().get(0, c, 0, m * n);
    }
  }

  private static void check(String matrix, int length, int offset, long needed) {
    if (offset < 0 || length - offset < needed) {
      throw new IllegalArgumentException(
          "Cannot multiply: expected %d values from %d on, got %d (%s)"
              .formatted(needed, offset, length, matrix));
    }
  }
}
