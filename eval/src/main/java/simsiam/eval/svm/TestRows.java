package simsiam.eval.svm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.features.FeatureSet;

/** The labelled images of a test split, which decision values are scored on. */
final class TestRows {
  private final FeatureSet set;
  private final int unlabelled;
  private final UnitRows rows;

  TestRows(FeatureSet labelled, int unlabelled) {
    this.set = labelled;
    this.unlabelled = unlabelled;
    this.rows = new UnitRows(labelled.features());
  }

  UnitRows rows() {
    return rows;
  }

  /** By the envelope, in percent; empty for a class without a test image. */
  OptionalDouble averagePrecision(int label, double[] scores) {
    boolean[] positive = SvmClassifier.positives(set.labels(), label);
    return Arrays.stream(set.labels()).anyMatch(is -> is == label)
        ? OptionalDouble.of(100 * AveragePrecision.envelope(scores, positive))
        : OptionalDouble.empty();
  }

  /**
   * Accuracy by the largest decision value.
   *
   * @param scores of each class; null for a class without an SVM, which is no guess
   */
  EvalReport report(double[][] scores) {
    List<Verdict> verdicts = new ArrayList<>();
    double[] row = new double[scores.length];
    for (int i = 0; i < set.size(); i++) {
      for (int label = 0; label < row.length; label++) {
        row[label] = scores[label] == null ? Double.NEGATIVE_INFINITY : scores[label][i];
      }
      verdicts.add(Verdict.of(set.labels()[i], row));
    }
    return EvalReport.of(verdicts, unlabelled, set.classNames());
  }
}
