package simsiam.eval.features;

/**
 * Rows of D float32 values each, kept in blocks of {@link #BLOCK_ROWS} rows, so that there may be
 * more than 2³¹ values: ImageNet's 1.28 million features of 2,048 channels are 10.5 GB. A block is
 * a row-major matrix as products take it. Letters: N rows, D channels.
 */
public final class FeatureMatrix {
  /** Rows of every block but the last. */
  public static final int BLOCK_ROWS = 8192;

  private final int rows;
  private final int dim;
  private final float[][] blocks;

  /** A matrix of zeros, which its maker fills by {@link #set} before anybody else sees it. */
  public FeatureMatrix(int rows, int dim) {
    this(rows, dim, new float[(rows + BLOCK_ROWS - 1) / BLOCK_ROWS][]);
    for (int block = 0; block < blocks.length; block++) {
      blocks[block] = new float[Math.multiplyExact(blockRows(block), dim)];
    }
  }

  private FeatureMatrix(int rows, int dim, float[][] blocks) {
    if (dim < 1) {
      throw new IllegalArgumentException(
          "Cannot make a matrix of features: expected at least one channel, got " + dim);
    }
    this.rows = rows;
    this.dim = dim;
    this.blocks = blocks;
  }

  /**
   * The rows of one array, which is not to be changed afterwards.
   *
   * @param values {@code [N, D]}, row-major
   */
  public static FeatureMatrix of(int dim, float[] values) {
    int rows = dim < 1 ? 0 : values.length / dim;
    if (dim < 1 || values.length % dim != 0) {
      throw new IllegalArgumentException(
          "Cannot make a matrix of features: expected rows of %s values, got %s values"
              .formatted(dim, values.length));
    }
    if (rows > 0 && rows <= BLOCK_ROWS) {
      return new FeatureMatrix(rows, dim, new float[][] {values});
    }
    FeatureMatrix matrix = new FeatureMatrix(rows, dim);
    for (int row = 0; row < rows; row++) {
      matrix.set(row, values, row * dim);
    }
    return matrix;
  }

  /** N. */
  public int rows() {
    return rows;
  }

  /** D. */
  public int dim() {
    return dim;
  }

  public int blocks() {
    return blocks.length;
  }

  /** {@code [blockRows, D]}, row-major; not to be changed. */
  public float[] block(int block) {
    return blocks[block];
  }

  public int blockRows(int block) {
    return Math.min(BLOCK_ROWS, rows - block * BLOCK_ROWS);
  }

  /** The block that holds a row, at {@link #offset}. */
  public float[] holding(int row) {
    return blocks[row / BLOCK_ROWS];
  }

  /** Where a row begins in its block. */
  public int offset(int row) {
    return row % BLOCK_ROWS * dim;
  }

  /** Takes a row's values from an array. */
  public void set(int row, float[] from, int at) {
    System.arraycopy(from, at, holding(row), offset(row), dim);
  }

  /** Copies a row's values into an array. */
  public void get(int row, float[] to, int at) {
    System.arraycopy(holding(row), offset(row), to, at, dim);
  }

  /**
   * Moves every row to another place, in this memory.
   *
   * @param places {@code [N]}, each of 0 to N-1 once
   */
  public void reorder(int[] places) {
    boolean[] moved = new boolean[rows];
    float[] carried = new float[dim];
    float[] found = new float[dim];
    for (int first = 0; first < rows; first++) {
      int from = first;
      get(from, carried, 0);
      while (!moved[from]) {
        moved[from] = true;
        int to = places[from];
        get(to, found, 0);
        set(to, carried, 0);
        float[] free = carried;
        carried = found;
        found = free;
        from = to;
      }
    }
  }

  /** A copy of some rows, {@code [count, D]}. */
  public float[] copy(int from, int count) {
    float[] values = new float[Math.multiplyExact(count, dim)];
    for (int i = 0; i < count; i++) {
      get(from + i, values, i * dim);
    }
    return values;
  }
}
