package simsiam.eval.features;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import simsiam.model.data.LabelSpace;

/**
 * Encoder features of one split, in memory. Letters: N images, D channels, C classes.
 *
 * @param features {@code [N, D]}, all finite; not to be changed
 * @param labels {@code [N]}, as the label space has them, or -1 where unknown; not to be changed
 * @param ids {@code [N]}, the images' stable names, which key a feature to its image
 * @param space of C classes
 */
@SuppressWarnings("ArrayRecordComponent") // tens of megabytes: carried, not compared or copied
public record FeatureSet(FeatureMatrix features, int[] labels, List<String> ids, LabelSpace space)
    implements FeatureSource {
  public static final int UNKNOWN_LABEL = -1;

  public FeatureSet {
    ids = List.copyOf(ids);
    if (features.rows() != labels.length || ids.size() != labels.length) {
      throw new IllegalArgumentException(
          "Cannot make a feature set: expected %s features and ids, one a label, got %s features and %s ids"
              .formatted(labels.length, features.rows(), ids.size()));
    }
    for (int i = 0; i < labels.length; i++) {
      check(ids.get(i), labels[i], space, features.holding(i), features.offset(i), features.dim());
    }
  }

  /** A set whose images have one class each. */
  public FeatureSet(
      FeatureMatrix features, int[] labels, List<String> ids, List<String> classNames) {
    this(features, labels, ids, LabelSpace.of(classNames));
  }

  /**
   * The same whose features are in one array.
   *
   * @param features {@code [N, D]}, row-major
   */
  public FeatureSet(
      int dim, float[] features, int[] labels, List<String> ids, List<String> classNames) {
    this(FeatureMatrix.of(dim, features), labels, ids, LabelSpace.of(classNames));
  }

  @Override
  public List<String> classNames() {
    return space.classNames();
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int dim() {
    return features.dim();
  }

  @Override
  public void forEach(Visitor visitor) {
    for (int i = 0; i < size(); i++) {
      visitor.row(i, labels[i], features.holding(i), features.offset(i));
    }
  }

  /** Images whose class is unknown. */
  public int unlabelled() {
    return (int) Arrays.stream(labels).filter(label -> label == UNKNOWN_LABEL).count();
  }

  /** The images whose class is known, in the same order; this set itself if that is all of them. */
  public FeatureSet labelled() {
    if (unlabelled() == 0) {
      return this;
    }
    return select(IntStream.range(0, size()).filter(i -> labels[i] != UNKNOWN_LABEL).toArray());
  }

  /** The images at these indices, in their order. */
  public FeatureSet select(int[] indices) {
    FeatureMatrix rows = new FeatureMatrix(indices.length, dim());
    for (int i = 0; i < indices.length; i++) {
      rows.set(i, features.holding(indices[i]), features.offset(indices[i]));
    }
    int[] chosen = Arrays.stream(indices).map(i -> labels[i]).toArray();
    List<String> names = Arrays.stream(indices).mapToObj(ids::get).toList();
    return new FeatureSet(rows, chosen, names, space);
  }

  /** Fails unless both sets come from encoders and data of one shape. */
  public void requireComparable(FeatureSet other) {
    requireComparable(this, other);
  }

  /** The same of sets that may not be in memory. */
  public static void requireComparable(FeatureSource a, FeatureSource b) {
    if (a.dim() != b.dim()) {
      throw new IllegalArgumentException(
          "Cannot compare features: expected %s channels, got %s".formatted(a.dim(), b.dim()));
    }
    if (!a.classNames().equals(b.classNames())) {
      throw new IllegalArgumentException(
          "Cannot compare features: expected the classes %s, got %s"
              .formatted(a.classNames(), b.classNames()));
    }
  }

  /**
   * Refuses a row that no evaluation could use.
   *
   * @throws IllegalArgumentException if its label is none of the space, or a value is not finite
   */
  public static void check(
      String id, int label, LabelSpace space, float[] values, int offset, int dim) {
    if (label < UNKNOWN_LABEL || label >= space.labels()) {
      throw new IllegalArgumentException(
          "Cannot make a feature set: expected a label from -1 to %s, got %s (%s)"
              .formatted(space.labels() - 1, label, id));
    }
    for (int j = 0; j < dim; j++) {
      if (!Float.isFinite(values[offset + j])) {
        throw new IllegalArgumentException(
            "Cannot make a feature set: expected finite features, got %s (%s, channel %s)"
                .formatted(values[offset + j], id, j));
      }
    }
  }
}
