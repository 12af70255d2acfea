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
 * @param features {@code [N, D]}
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
    int[] given = new int[train.size()];
    int[] counts = new int[train.classNames().size()];
    train.forEach(
        (index, label, values, offset) -> {
          given[index] = label;
          if (label != FeatureSet.UNKNOWN_LABEL) {
            counts[label]++;
          }
        });
    int labelled = Arrays.stream(counts).sum();
    if (labelled == 0) {
      throw new IllegalArgumentException(
          "Cannot fit the linear probe: expected labelled images, got none of " + train.size());
    }
    int[] classes = IntStream.range(0, counts.length).filter(c -> counts[c] > 0).toArray();
    HeldOut heldOut = HeldOut.of(given, counts.length, share);
    int fitted = labelled - heldOut.count();
    FeatureMatrix features = new FeatureMatrix(labelled, train.dim());
    int[] labels = new int[labelled];
    int[] next = {0, fitted};
    Standardizer standardizer = Standardizer.of(train);
    train.forEach(
        (index, label, values, offset) -> {
          if (label != FeatureSet.UNKNOWN_LABEL) {
            int row = next[heldOut.has(index) ? 1 : 0]++;
            standardizer.apply(values, offset, features.holding(row), features.offset(row));
            labels[row] = Arrays.binarySearch(classes, label);
          }
        });
    return new TrainingRows(
        features, labels, fitted, classes, train.size() - labelled, standardizer);
  }

  /** N. */
  int size() {
    return labels.length;
  }
}
