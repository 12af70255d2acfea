package simsiam.eval.svm;

/**
 * Divides rows of two classes into parts of equal size with the same share of either class, in
 * order: the same parts as scikit-learn's {@code StratifiedKFold} without shuffling.
 */
final class StratifiedFolds {
  private StratifiedFolds() {}

  /** The part of each row, from 0 to below {@code folds}. */
  static int[] of(boolean[] positive, int folds) {
    int n = positive.length;
    int first = 0; // rows of the class that the first row has
    for (boolean is : positive) {
      first += is == positive[0] ? 1 : 0;
    }
    int[] left = new int[folds]; // of that class, rows that a part still takes
    int[] others = new int[folds];
    for (int i = 0; i < n; i++) {
      (i < first ? left : others)[i % folds]++;
    }
    int[] fold = new int[n];
    int atFirst = 0;
    int atOthers = 0;
    for (int i = 0; i < n; i++) {
      if (positive[i] == positive[0]) {
        while (left[atFirst] == 0) {
          atFirst++;
        }
        left[atFirst]--;
        fold[i] = atFirst;
      } else {
        while (others[atOthers] == 0) {
          atOthers++;
        }
        others[atOthers]--;
        fold[i] = atOthers;
      }
    }
    return fold;
  }
}
