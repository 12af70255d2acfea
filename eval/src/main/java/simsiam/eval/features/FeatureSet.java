package simsiam.eval.features;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Encoder features of one split, in memory. Letters: N images, D channels, C classes.
 *
 * @param dim D
 * @param features {@code [N, D]}, row-major, all finite; not to be changed
 * @param labels {@code [N]}, class indices below C, or -1 where unknown; not to be changed
 * @param ids {@code [N]}, the images' stable names, which key a feature to its image
 * @param classNames {@code [C]}
 */
@SuppressWarnings("ArrayRecordComponent") // tens of megabytes: carried, not compared or copied
public record FeatureSet(
    int dim, float[] features, int[] labels, List<String> ids, List<String> classNames) {
  public static final int UNKNOWN_LABEL = -1;

  public FeatureSet {
    ids = List.copyOf(ids);
    classNames = List.copyOf(classNames);
    checkShape(dim, features, labels, ids);
    checkLabels(labels, ids, classNames);
    checkFinite(dim, features, ids);
  }

  /** N. */
  public int size() {
    return labels.length;
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
    float[] rows = new float[Math.multiplyExact(indices.length, dim)];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(features, indices[i] * dim, rows, i * dim, dim);
    }
    int[] chosen = Arrays.stream(indices).map(i -> labels[i]).toArray();
    List<String> names = Arrays.stream(indices).mapToObj(ids::get).toList();
    return new FeatureSet(dim, rows, chosen, names, classNames);
  }

  /** Fails unless both sets come from encoders and data of one shape. */
  public void requireComparable(FeatureSet other) {
    if (dim != other.dim) {
      throw new IllegalArgumentException(
          "Cannot compare features: expected %s channels, got %s".formatted(dim, other.dim));
    }
    if (!classNames.equals(other.classNames)) {
      throw new IllegalArgumentException(
          "Cannot compare features: expected the classes %s, got %s"
              .formatted(classNames, other.classNames));
    }
  }

  private static void checkShape(int dim, float[] features, int[] labels, List<String> ids) {
    if (dim < 1 || features.length != (long) labels.length * dim || ids.size() != labels.length) {
      throw new IllegalArgumentException(
          "Cannot make a feature set: expected [%s, %s] values and %s ids, got %s values and %s ids"
              .formatted(labels.length, dim, labels.length, features.length, ids.size()));
    }
  }

  private static void checkLabels(int[] labels, List<String> ids, List<String> classNames) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < UNKNOWN_LABEL || labels[i] >= classNames.size()) {
        throw new IllegalArgumentException(
            "Cannot make a feature set: expected a label from -1 to %s, got %s (%s)"
                .formatted(classNames.size() - 1, labels[i], ids.get(i)));
      }
    }
  }

  private static void checkFinite(int dim, float[] features, List<String> ids) {
    for (int i = 0; i < features.length; i++) {
      if (!Float.isFinite(features[i])) {
        throw new IllegalArgumentException(
            "Cannot make a feature set: expected finite features, got %s (%s, channel %s)"
                .formatted(features[i], ids.get(i / dim), i % dim));
      }
    }
  }
}
