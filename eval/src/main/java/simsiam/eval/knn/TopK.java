package simsiam.eval.knn;

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

  /** Offers {@code row[i] · scale[i]} as candidate i, for i in {@code [0, count)}. */
  void offer(float[] row, int rowOffset, float[] scale, int scaleOffset, int count) {
    int k = similarities.length;
    for (int i = 0; i < count; i++) {
      float similarity = row[rowOffset + i] * scale[scaleOffset + i];
      if (size < k) {
        rise(similarity, scaleOffset + i);
      } else if (similarity > similarities[0]) {
        sink(k, similarity, scaleOffset + i);
      }
    }
  }

  /** Empties the heap: best first, each similarity times {@code factor}. */
  Neighbours drain(float factor) {
    float[] sorted = new float[size];
    int[] order = new int[size];
    for (int last = size - 1; last >= 0; last--) {
      sorted[last] = similarities[0] * factor;
      order[last] = indices[0];
      size--;
      sink(size, similarities[size], indices[size]);
    }
    return new Neighbours(order, sorted);
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

  /** Replaces the root of the first {@code n} entries. */
  private void sink(int n, float similarity, int index) {
    int at = 0;
    for (int child = 1; child < n; child = 2 * at + 1) {
      if (child + 1 < n && worse(similarities[child + 1], indices[child + 1], child)) {
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
