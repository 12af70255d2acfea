package simsiam.eval.svm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.features.FeatureSet;
import simsiam.model.data.LabelSpace;
import simsiam.model.engine.LinearAlgebra;

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

  /**
   * Decision values for each class; null for one without an SVM.
   *
   * @param machines by class
   */
  double[][] scores(List<Optional<LinearSvm>> machines, LinearAlgebra algebra) {
    double[][] decisions =
        rows.decisions(machines.stream().flatMap(Optional::stream).toList(), algebra);
    double[][] scores = new double[machines.size()][];
    int next = 0;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = machines.get(c).isPresent() ? decisions[next++] : null;
    }
    return scores;
  }

  /**
   * By the envelope, in percent, without the images that are neither examples of the class nor
   * counterexamples; empty for a class without an example.
   *
   * @param scores null for a class without an SVM
   */
  OptionalDouble averagePrecision(int classIndex, double[] scores) {
    if (scores == null) {
      return OptionalDouble.empty();
    }
    LabelSpace space = set.space();
    int[] counted =
        IntStream.range(0, set.size())
            .filter(i -> !space.ignores(set.labels()[i], classIndex))
            .toArray();
    double[] scored = new double[counted.length];
    boolean[] positive = new boolean[counted.length];
    boolean any = false;
    for (int i = 0; i < counted.length; i++) {
      scored[i] = scores[counted[i]];
      positive[i] = space.shows(set.labels()[counted[i]], classIndex);
      any |= positive[i];
    }
    return any
        ? OptionalDouble.of(100 * AveragePrecision.envelope(scored, positive))
        : OptionalDouble.empty();
  }

  /**
   * Accuracy by the largest decision value, of images with one class each.
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
