package simsiam.eval.svm;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How well scores put the images of a class before all others, from 0 to 1. Both forms need at
 * least one image of the class.
 */
final class AveragePrecision {
  private AveragePrecision() {}

  /**
   * The precision at each distinct score, weighted by the recall it adds (scikit-learn's {@code
   * average_precision_score}).
   */
  static double steps(double[] scores, boolean[] positive) {
    int[] order = descending(scores);
    int all = count(positive);
    double sum = 0;
    int found = 0;
    for (int i = 0; i < order.length; ) {
      int before = found;
      double score = scores[order[i]];
      for (; i < order.length && scores[order[i]] == score; i++) {
        found += positive[order[i]] ? 1 : 0;
      }
      sum += (double) (found - before) / all * found / i;
    }
    return sum;
  }

  /**
   * The area under the envelope of precision over recall: at each image of the class the highest
   * precision at this recall or a greater one (PASCAL VOC since 2010, and the SVM protocol on
   * VOC07). Of equal scores the image given first comes first.
   */
  static double envelope(double[] scores, boolean[] positive) {
    int[] order = descending(scores);
    int all = count(positive);
    int found = all;
    double highest = 0;
    double sum = 0;
    for (int i = order.length - 1; i >= 0; i--) {
      if (positive[order[i]]) {
        highest = Math.max(highest, (double) found / (i + 1));
        sum += highest / all;
        found--;
      }
    }
    return sum;
  }

  private static int count(boolean[] positive) {
    int count = 0;
    for (boolean is : positive) {
      count += is ? 1 : 0;
    }
    if (count == 0) {
      throw new IllegalArgumentException(
          "Cannot take an average precision: expected an image of the class, got none of "
              + positive.length);
    }
    return count;
  }

  /** Stable. */
  private static int[] descending(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -scores[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
