package simsiam.eval.svm;

import java.util.List;
import simsiam.eval.EvalReport;

/**
 * What one-vs-rest SVMs found.
 *
 * @param report accuracy on the test split, by the largest decision value; null where images may
 *     show several classes
 * @param classes those that have images in both splits
 * @param tried for each C the average precision on held-out training images, mean over folds and
 *     classes, in percent; none where no class has enough images to hold some out
 * @param train images fitted to
 * @param trainUnlabelled images of the train split left out because their class is unknown
 * @param lowShot one for each k of which every class has as many images
 */
public record SvmResult(
    SvmSpec spec,
    EvalReport report,
    List<ClassSvm> classes,
    List<Double> tried,
    int train,
    int trainUnlabelled,
    List<LowShot> lowShot) {
  public SvmResult {
    classes = List.copyOf(classes);
    tried = List.copyOf(tried);
    lowShot = List.copyOf(lowShot);
  }

  /**
   * One class against all others.
   *
   * @param c the cost chosen
   * @param averagePrecision on the test split, in percent
   */
  public record ClassSvm(String name, double c, double averagePrecision) {}

  /** Average precision on the test split, mean over the classes, in percent. */
  public double meanAveragePrecision() {
    return classes.stream().mapToDouble(ClassSvm::averagePrecision).average().orElse(0);
  }
}
