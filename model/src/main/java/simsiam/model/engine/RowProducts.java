package simsiam.model.engine;

/**
 * Both products of a linear layer, with some rows x of a matrix too large to be handed over at
 * once: {@code x·wᵀ}, and the sum over all rows of {@code pᵀ·x}. For one thread at a time. Letters:
 * D channels, C columns; everything row-major, float32.
 */
public interface RowProducts extends AutoCloseable {
  /** Most rows at once. */
  int rows();

  /**
   * The weights of the products from here on.
   *
   * @param weights {@code [C, D]}
   */
  void weights(float[] weights);

  /**
   * The rows of the products from here on.
   *
   * @param x holds {@code [count, D]} from {@code offset} on; not to be changed while in use
   * @param count at most {@link #rows}
   */
  void load(float[] x, int offset, int count);

  /** {@code z[count, C] = x·wᵀ}, from index 0. */
  void forward(float[] z);

  /**
   * Adds {@code pᵀ·x} to a sum that starts at zero.
   *
   * @param p {@code [count, C]}
   */
  void backward(float[] p);

  /** Adds the sum, {@code [C, D]}, to {@code to} from index 0, and starts at zero again. */
  void takeSum(double[] to);

  @Override
  void close();
}
