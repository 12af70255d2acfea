package simsiam.model.engine;

/**
 * Rows that stay where they are on the heap: an engine copies them for each product, and no memory
 * beside it is needed.
 */
@SuppressWarnings("ArrayRecordComponent") // carried, not compared
public record HeapRows(LinearAlgebra algebra, float[] values, int offset, int columns)
    implements LinearAlgebra.Rows {
  @Override
  public void timesTransposed(int rows, int n, float[] b, float[] c) {
    algebra.gemm(false, true, rows, n, columns, values, offset, b, 0, c);
  }

  @Override
  public void transposedTimes(int from, int count, int m, float[] a, float[] c) {
    algebra.gemm(true, false, m, columns, count, a, 0, values, offset + from * columns, c);
  }

  @Override
  public void close() {}
}
