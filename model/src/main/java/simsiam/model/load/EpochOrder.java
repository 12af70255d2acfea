package simsiam.model.load;

import simsiam.model.augment.ViewRandom;

/** The order of the images in an epoch: a function of (seed, epoch, number of images) alone. */
public final class EpochOrder {
  /** No view has this number: the order shares no random numbers with any image. */
  private static final int NO_VIEW = -1;

  private EpochOrder() {}

  /** A permutation of 0 .. n-1, each equally likely (Fisher and Yates). */
  public static int[] permutation(long seed, int epoch, int n) {
    int[] order = new int[n];
    ViewRandom random = new ViewRandom(seed, epoch, "", NO_VIEW);
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
