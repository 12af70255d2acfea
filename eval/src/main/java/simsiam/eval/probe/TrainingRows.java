package simsiam.eval.probe;

import java.util.Arrays;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureMatrix;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.FeatureSource;
import simsiam.eval.features.HeldOut;
import simsiam.eval.features.Standardizer;

/**
 * The labelled images of a train split as the probe is fitted to them: standardised, in memory
 * once, those that C is chosen on ({@link HeldOut}) at the end.
 *
 * @param features {@code [N, D]}, perhaps followed by rows that have no label
 * @param labels {@code [N]}, positions in {@code classes}
 * @param fitted rows before those held out
 * @param classes class indices of the split that have an image here, rising
 * @param unlabelled images left out because their class is unknown
 */
@SuppressWarnings("ArrayRecordComponent") // carried, not compared
record TrainingRows(
    FeatureMatrix features,
    int[] labels,
    int fitted,
    int[] classes,
    int unlabelled,
    Standardizer standardizer) {

  static TrainingRows of(FeatureSource train, double share) {
    int[] labels = new int[train.size()];
    train.forEach((index, label, values, offset) -> labels[index] = label);
    Order order = Order.of(labels, train.classNames().size(), share);
    FeatureMatrix features = new FeatureMatrix(order.labelled, train.dim());
    Standardizer standardizer = Standardizer.of(train);
    train.forEach(
        (index, label, values, offset) -> {
          if (label != FeatureSet.UNKNOWN_LABEL) {
            int row = order.places[index];
            standardizer.apply(values, offset, features.holding(row), features.offset(row));
          }
        });
    return order.rows(features, labels, standardizer);
  }

  /** The same in the memory of the set, whose features are no more what they were. */
  static TrainingRows inPlace(FeatureSet train, double share) {
    Order order = Order.of(train.labels(), train.classNames().size(), share);
    FeatureMatrix features = train.features();
    Standardizer standardizer = Standardizer.of(train);
    features.reorder(order.places);
    for (int row = 0; row < order.labelled; row++) {
      float[] block = features.holding(row);
      standardizer.apply(block, features.offset(row), block, features.offset(row));
    }
    return order.rows(features, train.labels(), standardizer);
  }

  /**
   * Which row an image becomes.
   *
   * @param places by image; those without a label come last
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  private record Order(int[] places, int fitted, int labelled, int[] classes) {
    static Order of(int[] labels, int classCount, double share) {
      int[] counts = new int[classCount];
      for (int label : labels) {
        if (label != FeatureSet.UNKNOWN_LABEL) {
          counts[label]++;
        }
      }
      int labelled = Arrays.stream(counts).sum();
      if (labelled == 0) {
        throw new IllegalArgumentException(
            "Cannot fit the linear probe: expected labelled images, got none of " + labels.length);
      }
      HeldOut heldOut = HeldOut.of(labels, classCount, share);
      int fitted = labelled - heldOut.count();
      int[] next = {0, fitted, labelled};
      int[] places = new int[labels.length];
      for (int i = 0; i < labels.length; i++) {
        int part = heldOut.has(i) ? 1 : 0;
        places[i] = next[labels[i] == FeatureSet.UNKNOWN_LABEL ? 2 : part]++;
      }
      int[] classes = IntStream.range(0, classCount).filter(c -> counts[c] > 0).toArray();
      return new Order(places, fitted, labelled, classes);
    }

    TrainingRows rows(FeatureMatrix features, int[] given, Standardizer standardizer) {
      int[] labels = new int[labelled];
      for (int i = 0; i < given.length; i++) {
        if (given[i] != FeatureSet.UNKNOWN_LABEL) {
          labels[places[i]] = Arrays.binarySearch(classes, given[i]);
        }
      }
      return new TrainingRows(
          features, labels, fitted, classes, given.length - labelled, standardizer);
    }
  }

  /** N. */
  int size() {
    return labels.length;
  }
}
