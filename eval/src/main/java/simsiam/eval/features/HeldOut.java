package simsiam.eval.features;

/**
 * The images of a train split on which something is chosen. Of each class's n images in order,
 * image j is held out where {@code ⌊(j+1)·f⌋ > ⌊j·f⌋} for the share f: the same images whenever the
 * split is the same, the same share of each class, and never a whole class.
 */
public final class HeldOut {
  private final boolean[] held;
  private final int count;

  private HeldOut(boolean[] held, int count) {
    this.held = held;
    this.count = count;
  }

  /**
   * Chooses from a split.
   *
   * @param labels class indices below {@code classes}, or -1 where unknown, which are not held out
   * @param share f, from 0 to below 1
   */
  public static HeldOut of(int[] labels, int classes, double share) {
    boolean[] held = new boolean[labels.length];
    int[] seen = new int[classes];
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != FeatureSet.UNKNOWN_LABEL) {
        int j = seen[labels[i]]++;
        held[i] = (int) ((j + 1) * share) > (int) (j * share);
        count += held[i] ? 1 : 0;
      }
    }
    return new HeldOut(held, count);
  }

  public boolean has(int index) {
    return held[index];
  }

  /** Images held out. */
  public int count() {
    return count;
  }
}
