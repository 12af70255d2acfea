package simsiam.eval.features;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import simsiam.model.data.LabelSet;
import simsiam.model.data.LabelSpace;

/** Random features for tests. */
public final class SyntheticFeatures {
  private SyntheticFeatures() {}

  /**
   * Gaussian clouds, one around each class's own random centre.
   *
   * @param spread deviation within a class; centres have deviation 1
   */
  public static FeatureSet clouds(int n, int dim, int classes, double spread, long seed) {
    Random centreRandom = new Random(4711);
    float[][] centres = new float[classes][dim];
    for (float[] centre : centres) {
      for (int j = 0; j < dim; j++) {
        centre[j] = (float) centreRandom.nextGaussian();
      }
    }
    Random random = new Random(seed);
    float[] features = new float[n * dim];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = random.nextInt(classes);
      for (int j = 0; j < dim; j++) {
        features[i * dim + j] = (float) (centres[labels[i]][j] + spread * random.nextGaussian());
      }
    }
    return of(dim, features, labels, classes);
  }

  /**
   * Five classes in 12 channels of very different scales around means far from 0, with a linear
   * congruence as noise, so that other languages can make the same.
   */
  public static FeatureSet congruent(int n, int seed) {
    int dim = 12;
    int classes = 5;
    long[] state = {seed};
    float[] values = new float[n * dim];
    int[] labels = new int[n];
    double[] scales = {0.01, 1, 10};
    for (int i = 0; i < n; i++) {
      labels[i] = (int) ((next(state) >> 8) % classes);
      for (int j = 0; j < dim; j++) {
        double noise = unit(state) + unit(state) + unit(state) - 1.5;
        double shift = (labels[i] + j) % classes == 0 ? 0.6 : 0;
        values[i * dim + j] = (float) ((noise + shift + 3) * scales[j % 3]);
      }
    }
    return of(dim, values, labels, classes);
  }

  /**
   * Five classes in 12 channels, of which an image may show any number, and of which it ignores
   * some; made in the same way.
   */
  public static FeatureSet severalClasses(int n, int seed) {
    int dim = 12;
    int classes = 5;
    long[] state = {seed};
    float[] values = new float[n * dim];
    List<LabelSet> sets = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      List<Integer> present = new ArrayList<>();
      List<Integer> ignored = new ArrayList<>();
      for (int c = 0; c < classes; c++) {
        long drawn = (next(state) >> 8) % 10;
        if (drawn < 2 + c % 3) {
          present.add(c);
        } else if (drawn == 9) {
          ignored.add(c);
        }
      }
      sets.add(new LabelSet(present, ignored));
      for (int j = 0; j < dim; j++) {
        double noise = unit(state) + unit(state) + unit(state) - 1.5;
        double shift = present.contains(Math.floorMod(-j, classes)) ? 0.6 : 0;
        values[i * dim + j] = (float) (noise + shift);
      }
    }
    return of(dim, values, sets, classes);
  }

  /** Images that may show several classes. */
  public static FeatureSet of(int dim, float[] features, List<LabelSet> sets, int classes) {
    List<String> ids = IntStream.range(0, sets.size()).mapToObj(i -> "image" + i).toList();
    List<String> names = IntStream.range(0, classes).mapToObj(c -> "class" + c).toList();
    LabelSpace space = LabelSpace.of(names, allSets(classes));
    int[] labels = sets.stream().mapToInt(space::label).toArray();
    return new FeatureSet(FeatureMatrix.of(dim, features), labels, ids, space);
  }

  /** Every label set that there can be: train and test splits have one space. */
  private static List<LabelSet> allSets(int classes) {
    List<LabelSet> sets = new ArrayList<>(List.of(new LabelSet(List.of(), List.of())));
    for (int c = 0; c < classes; c++) {
      int added = c;
      for (LabelSet set : List.copyOf(sets)) {
        sets.add(new LabelSet(with(set.present(), added), set.ignored()));
        sets.add(new LabelSet(set.present(), with(set.ignored(), added)));
      }
    }
    return sets;
  }

  private static List<Integer> with(List<Integer> list, int added) {
    return Stream.concat(list.stream(), Stream.of(added)).toList();
  }

  private static long next(long[] state) {
    state[0] = (state[0] * 1103515245 + 12345) % 2147483648L;
    return state[0];
  }

  private static double unit(long[] state) {
    return next(state) / 2147483648.0;
  }

  public static FeatureSet of(int dim, float[] features, int[] labels, int classes) {
    List<String> ids = IntStream.range(0, labels.length).mapToObj(i -> "image" + i).toList();
    List<String> names = IntStream.range(0, classes).mapToObj(c -> "class" + c).toList();
    return new FeatureSet(dim, features, labels, ids, names);
  }
}
