package simsiam.eval.fewshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.model.augment.ViewRandom;
import simsiam.model.data.LabelSpace;

/**
 * Which images have labels where few have: one order of each class's images, whose first ones are
 * taken. Within a draw the larger sets hold the smaller ones, and draws are independent of each
 * other. Where an image comes is a function of seed, draw and the images' names, so that the
 * trained and the untrained encoder get the same images, wherever they are in the split.
 *
 * <p>There are two ways to draw k images of a class. Where each image has one class, k of every
 * class are drawn, and those of the others are the counterexamples: the few-shot curve, fine-tuning
 * and low-shot SVMs have the same ones. Where an image may show several, there are no such sets:
 * for every class by itself k images that show it and k times as many as there are other classes
 * that do not are drawn, each class in an order of its own (Goyal et al. 2019, on VOC07).
 */
public final class LabelledDraw {
  /** No view has this number: a draw shares no random numbers with any image's views. */
  private static final int NO_VIEW = -1;

  private final List<String> ids;
  private final int[] labels;
  private final LabelSpace space;
  private final long seed;
  private final int draw;

  /** Of each class its images in their order; of images that may show several, in any. */
  private final List<List<Integer>> byClass = new ArrayList<>();

  /**
   * An order.
   *
   * @param ids of the images of the split
   * @param labels theirs, or -1 where unknown
   */
  public LabelledDraw(List<String> ids, int[] labels, LabelSpace space, long seed, int draw) {
    this.ids = ids;
    this.labels = labels;
    this.space = space;
    this.seed = seed;
    this.draw = draw;
    for (int c = 0; c < space.classNames().size(); c++) {
      int classIndex = c;
      byClass.add(ordered(i -> space.shows(labels[i], classIndex), NO_VIEW));
    }
  }

  /** Of a split in memory. */
  public LabelledDraw(FeatureSet train, long seed, int draw) {
    this(train.ids(), train.labels(), train.space(), seed, draw);
  }

  /** Some images in an order that is independent of that of another number. */
  private List<Integer> ordered(IntPredicate which, int number) {
    long[] keys = new long[labels.length];
    int[] chosen = IntStream.range(0, labels.length).filter(which).toArray();
    for (int i : chosen) {
      keys[i] = new ViewRandom(seed, draw, ids.get(i), number).nextLong();
    }
    return Arrays.stream(chosen)
        .boxed()
        .sorted(Comparator.comparingLong((Integer i) -> keys[i]).thenComparing(ids::get))
        .toList();
  }

  /** The images of the largest class. */
  int largest() {
    return byClass.stream().mapToInt(List::size).max().orElse(0);
  }

  /** The images of the smallest class that has any; 0 where fewer than two have. */
  public int smallest() {
    int[] sizes = byClass.stream().mapToInt(List::size).filter(size -> size > 0).toArray();
    return sizes.length < 2 ? 0 : Arrays.stream(sizes).min().orElseThrow();
  }

  /**
   * So many of each class, all of one that has no more; in the order of the split.
   *
   * @throws IllegalStateException if images may show several classes
   */
  public int[] shots(int perClass) {
    return take(of -> perClass);
  }

  /** This share of each class, rounded, at least one; in the order of the split. */
  public int[] fraction(double share) {
    return take(of -> Math.max(1, (int) Math.round(share * of)));
  }

  private int[] take(IntUnaryOperator count) {
    if (space.multiLabel()) {
      throw new IllegalStateException(
          "Cannot draw images of each class: expected images with one class each, got some that"
              + " may show several");
    }
    return byClass.stream()
        .flatMap(all -> all.stream().limit(count.applyAsInt(all.size())))
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  /**
   * The images that a classifier of one class against all others learns from: k that show it, and
   * counterexamples; in the order of the split.
   */
  public int[] against(int classIndex, int k) {
    if (!space.multiLabel()) {
      return shots(k);
    }
    int number = NO_VIEW - 1 - classIndex;
    IntPredicate shows = i -> space.shows(labels[i], classIndex);
    IntPredicate counts = i -> !space.ignores(labels[i], classIndex);
    List<Integer> chosen = new ArrayList<>();
    ordered(shows, number).stream().limit(k).forEach(chosen::add);
    ordered(shows.negate().and(counts), number).stream()
        .limit((long) k * (space.classNames().size() - 1))
        .forEach(chosen::add);
    return chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
