package simsiam.eval.knn;

import java.util.Arrays;

/**
 * The k largest of a stream of similarities: a binary heap whose root is the worst kept. Candidates
 * must be offered in ascending order of index, so that of equal similarities the lower index stays.
 */
final class TopK {
  private final float[] similarities;
  private final int[] indices;
  private int size;

  TopK(int k) {
    similarities = new float[k];
    indices = new int[k];
  }

  /**
   * Offers {@code row[i]·scale[i] + shift[i]} as candidate i, for i in {@code [0, count)}; one
   * whose shift is minus infinity is none.
   */
  void offer(float[] row, int rowOffset, float[] scale, float[] shift, int first, int count) {
    int k = similarities.length;
    for (int i = 0; i < count; i++) {
      float similarity = row[rowOffset + i] * scale[first + i] + shift[first + i];
      if (size < k) {
        if (similarity != Float.NEGATIVE_INFINITY) {
          rise(similarity, first + i);
        }
      } else if (similarity > similarities[0]) {
        sink(similarity, first + i);
      }
    }
  }

  /** Positions of those kept, in no order. */
  int[] indices() {
    return Arrays.copyOf(indices, size);
  }

  private void rise(float similarity, int index) {
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (!worse(similarity, index, parent)) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    similarities[at] = similarity;
    indices[at] = index;
  }

  /** Replaces the root. */
  private void sink(float similarity, int index) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && worse(similarities[child + 1], indices[child + 1], child)) {
        child++;
      }
      if (worse(similarity, index, child)) {
        break;
      }
      move(child, at);
      at = child;
    }
    similarities[at] = similarity;
    indices[at] = index;
  }

  private boolean worse(float similarity, int index, int than) {
    return similarity < similarities[than]
        || (similarity == similarities[than] && index > indices[than]);
  }

  private void move(int from, int to) {
    similarities[to] = similarities[from];
    indices[to] = indices[from];
  }
}
