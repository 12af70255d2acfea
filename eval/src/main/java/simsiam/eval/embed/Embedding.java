package simsiam.eval.embed;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;

/**
 * A split in the plane: its features, scaled to length 1 as kNN sees them, on their first two
 * principal components.
 *
 * @param points one for each image taken
 * @param total images in the split
 * @param xShare share of the variance along x, 0 to 1
 */
public record Embedding(
    List<Point> points, int total, double xShare, double yShare, List<String> classNames) {
  public Embedding {
    points = List.copyOf(points);
    classNames = List.copyOf(classNames);
  }

  /**
   * One image.
   *
   * @param label class index, or -1 where unknown
   */
  public record Point(double x, double y, int label) {}

  /** Embeds at most {@code most} images, evenly spaced over the split. */
  public static Embedding of(FeatureSet split, int most) {
    int count = Math.min(most, split.size());
    int[] chosen =
        IntStream.range(0, count).map(i -> (int) ((long) i * split.size() / count)).toArray();
    boolean several = split.space().multiLabel(); // there is no one colour for such an image
    FeatureSet taken = split.select(chosen);
    int dim = taken.dim();
    float[] unit = unitRows(taken);
    Pca pca = Pca.fit(unit, dim, 2);
    List<Point> points = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      points.add(
          new Point(
              pca.project(unit, i * dim, 0),
              pca.project(unit, i * dim, 1),
              several ? FeatureSet.UNKNOWN_LABEL : taken.labels()[i]));
    }
    return new Embedding(points, split.size(), pca.share(0), pca.share(1), split.classNames());
  }

  private static float[] unitRows(FeatureSet set) {
    float[] rows = set.features().copy(0, set.size());
    for (int i = 0; i < set.size(); i++) {
      double sum = 0;
      for (int j = i * set.dim(); j < (i + 1) * set.dim(); j++) {
        sum += (double) rows[j] * rows[j];
      }
      double scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
      for (int j = i * set.dim(); j < (i + 1) * set.dim(); j++) {
        rows[j] *= (float) scale;
      }
    }
    return rows;
  }
}
