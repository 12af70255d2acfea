package simsiam.model.engine.nd4j;

import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.RowProducts;
import simsiam.model.engine.nd4j.onednn.TileProducts;

/** Products on the CPU: of large matrices by ND4J, of rows by oneDNN. */
record HostLinearAlgebra(LinearAlgebra general, @Override int threads) implements LinearAlgebra {
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
    general.gemm(transposeA, transposeB, m, n, k, a, aOffset, b, bOffset, c);
  }

  @Override
  public RowProducts rowProducts(int dim, int columns) {
    return new TileProducts(dim, columns);
  }
}
