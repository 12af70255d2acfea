package simsiam.eval;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;

/**
 * Accuracy of a classifier on a test split; every labelled image counts once.
 *
 * @param top1 share of images whose first guess is right, in percent
 * @param top5 share of images whose class is among the first five guesses, in percent
 * @param n images scored
 * @param unlabelled images of the split left out because their class is unknown
 * @param confusion rows: truth, columns: first guess
 */
@JsonIgnoreProperties(value = "per_class", allowGetters = true)
public record EvalReport(
    double top1,
    double top5,
    int n,
    int unlabelled,
    List<String> classNames,
    ConfusionMatrix confusion) {
  public EvalReport {
    classNames = List.copyOf(classNames);
    if (confusion.classes() != classNames.size()) {
      throw new IllegalArgumentException(
          "Cannot report: expected a confusion matrix of %s classes, got %s"
              .formatted(classNames.size(), confusion.classes()));
    }
  }

  /** Counts the verdicts on all labelled images of a split. */
  public static EvalReport of(List<Verdict> verdicts, int unlabelled, List<String> classNames) {
    if (verdicts.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot report accuracy: expected labelled test images, got none of "
              + unlabelled
              + " with a label");
    }
    int[][] counts = new int[classNames.size()][classNames.size()];
    int first = 0;
    int five = 0;
    for (Verdict verdict : verdicts) {
      counts[verdict.truth()][verdict.predicted()]++;
      first += verdict.truth() == verdict.predicted() ? 1 : 0;
      five += verdict.top5() ? 1 : 0;
    }
    int n = verdicts.size();
    return new EvalReport(
        100.0 * first / n,
        100.0 * five / n,
        n,
        unlabelled,
        classNames,
        new ConfusionMatrix(counts));
  }

  @JsonProperty("per_class")
  public List<ClassAccuracy> perClass() {
    List<ClassAccuracy> result = new ArrayList<>();
    for (int c = 0; c < classNames.size(); c++) {
      result.add(new ClassAccuracy(classNames.get(c), confusion.total(c), confusion.count(c, c)));
    }
    return result;
  }
}
