package simsiam.eval.fewshot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.model.augment.ViewRandom;

/**
 * One order of each class's images, whose first ones are the images that have labels: within a draw
 * the larger sets hold the smaller ones, and draws are independent of each other. Where an image
 * comes is a function of seed, draw and the images' names, so that the trained and the untrained
 * encoder get the same images, wherever they are in the split.
 */
public final class LabelledDraw {
  /** No view has this number: a draw shares no random numbers with any image's views. */
  private static final int NO_VIEW = -1;

  private final List<List<Integer>> byClass = new ArrayList<>();

  /**
   * An order.
   *
   * @param ids of the images of the split
   * @param labels theirs, or -1 where unknown
   */
  public LabelledDraw(List<String> ids, int[] labels, int classes, long seed, int draw) {
    long[] keys = new long[labels.length];
    for (int i = 0; i < labels.length; i++) {
      keys[i] = new ViewRandom(seed, draw, ids.get(i), NO_VIEW).nextLong();
    }
    for (int c = 0; c < classes; c++) {
      int label = c;
      byClass.add(
          IntStream.range(0, labels.length)
              .filter(i -> labels[i] == label)
              .boxed()
              .sorted(
                  Comparator.comparingLong((Integer i) -> keys[i]).thenComparing(i -> ids.get(i)))
              .toList());
    }
  }

  /** Of a split in memory. */
  LabelledDraw(FeatureSet train, long seed, int draw) {
    this(train.ids(), train.labels(), train.classNames().size(), seed, draw);
  }

  /** The images of the largest class. */
  int largest() {
    return byClass.stream().mapToInt(List::size).max().orElse(0);
  }

  /** So many of each class, all of one that has no more; in the order of the split. */
  public int[] shots(int perClass) {
    return take(of -> perClass);
  }

  /** This share of each class, rounded, at least one; in the order of the split. */
  public int[] fraction(double share) {
    return take(of -> Math.max(1, (int) Math.round(share * of)));
  }

  private int[] take(IntUnaryOperator count) {
    return byClass.stream()
        .flatMap(all -> all.stream().limit(count.applyAsInt(all.size())))
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }
}
