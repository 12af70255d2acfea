package simsiam.model.engine;

/** The matrix product that evaluation needs, on the engine's own library. Row-major float32. */
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

  /**
   * Rows that many products are formed with, kept where they are formed: an engine whose memory is
   * not the heap copies them once, here, and not for each product. Products are those of {@link
   * #gemm}, bit for bit.
   *
   * @param values {@code [rows, columns]} from {@code offset} on; not to be changed before the
   *     close
   */
  default Rows hold(float[] values, int offset, int rows, int columns) {
    return new HeapRows(this, values, offset, columns);
  }

  /** Rows of a matrix, R by D, for products with them. */
  interface Rows extends AutoCloseable {
    /** {@code c[R,n] = rows · bᵀ} for {@code b[n,D]}. */
    void timesTransposed(int rows, int n, float[] b, float[] c);

    /**
     * {@code c[m,D] = aᵀ · rows} of the {@code count} rows from {@code from} on, {@code
     * a[count,m]}.
     */
    void transposedTimes(int from, int count, int m, float[] a, float[] c);

    @Override
    void close();
  }
}
