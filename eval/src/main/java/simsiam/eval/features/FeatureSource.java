package simsiam.eval.features;

import java.util.List;

/**
 * Features of one split that can be gone through any number of times, whether or not they are in
 * memory. Letters: N images, D channels.
 */
public interface FeatureSource {
  /** N. */
  int size();

  /** D. */
  int dim();

  List<String> classNames();

  /** Shows every row, in the split's order. */
  void forEach(Visitor visitor);

  /** Receives the rows. */
  @FunctionalInterface
  interface Visitor {
    /**
     * One row.
     *
     * @param label class index, or -1 where unknown
     * @param values holds the D values from {@code offset} on, only during the call
     */
    void row(int index, int label, float[] values, int offset);
  }
}
