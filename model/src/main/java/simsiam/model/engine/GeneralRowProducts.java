package simsiam.model.engine;

/** Products of rows by the general matrix product. */
final class GeneralRowProducts implements RowProducts {
  /** Enough for a library to use its threads, few enough to stay in a cache. */
  private static final int ROWS = 1024;

  private final LinearAlgebra algebra;
  private final int dim;
  private final int columns;
  private final float[] product;
  private final double[] sum;
  private float[] weights;
  private float[] x;
  private int offset;
  private int count;

  GeneralRowProducts(LinearAlgebra algebra, int dim, int columns) {
    this.algebra = algebra;
    this.dim = dim;
    this.columns = columns;
    product = new float[Math.multiplyExact(columns, dim)];
    sum = new double[product.length];
  }

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public void weights(float[] values) {
    weights = values;
  }

  @Override
  public void load(float[] values, int first, int rows) {
    x = values;
    offset = first;
    count = rows;
  }

  @Override
  public void forward(float[] z) {
    algebra.gemm(false, true, count, columns, dim, x, offset, weights, 0, z);
  }

  @Override
  public void backward(float[] p) {
    algebra.gemm(true, false, columns, dim, count, p, 0, x, offset, product);
    for (int i = 0; i < product.length; i++) {
      sum[i] += product[i];
    }
  }

  @Override
  public void takeSum(double[] to) {
    for (int i = 0; i < sum.length; i++) {
      to[i] += sum[i];
      sum[i] = 0;
    }
  }

  @Override
  public void close() {
    // holds nothing but arrays
  }
}
