package simsiam.eval.features;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

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

  public static FeatureSet of(int dim, float[] features, int[] labels, int classes) {
    List<String> ids = IntStream.range(0, labels.length).mapToObj(i -> "image" + i).toList();
    List<String> names = IntStream.range(0, classes).mapToObj(c -> "class" + c).toList();
    return new FeatureSet(dim, features, labels, ids, names);
  }
}
