package simsiam.model.engine;

/** The matrix products that evaluation needs, on the engine's own library. Row-major float32. */
public interface LinearAlgebra {
  /**
   * {@code c[m,n] = op(a)[m,k] · op(b)[k,n]}, where op transposes if asked: {@code a} is stored
   * [m,k] (or [k,m] if transposed), {@code b} [k,n] (or [n,k]). {@code c} is overwritten from index
   * 0.
   */
  void gemm(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      float[] c);

  /** Threads that may each use a {@link RowProducts} of its own at the same time. */
  default int threads() {
    return 1;
  }

  /** A place for products of rows of {@code dim} channels with {@code columns} columns. */
  default RowProducts rowProducts(int dim, int columns) {
    return new GeneralRowProducts(this, dim, columns);
  }

  /** Rows that stay where products are formed, such as in a device's memory. */
  interface HeldRows extends AutoCloseable {
    /**
     * {@code c[m,n] = rows[m,k] · bᵀ}.
     *
     * @param b [n,k] from {@code bOffset} on
     */
    void times(int n, float[] b, int bOffset, float[] c);

    @Override
    void close();
  }

  /**
   * Takes rows for any number of products.
   *
   * @param rows [m,k] from index 0 on; must not change while they are held
   */
  default HeldRows hold(int m, int k, float[] rows) {
    return new HeldRows() {
      @Override
      public void times(int n, float[] b, int bOffset, float[] c) {
        gemm(false, true, m, n, k, rows, 0, b, bOffset, c);
      }

      @Override
      public void close() {}
    };
  }
}
