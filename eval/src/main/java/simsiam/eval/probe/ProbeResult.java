package simsiam.eval.probe;

import java.util.List;
import simsiam.eval.EvalReport;

/**
 * What the converged probe found.
 *
 * @param report accuracy on the test split
 * @param calibrationError expected calibration error on the test split, in percent, see {@link
 *     Calibration}
 * @param fit of all training images, at the chosen C
 * @param tried one fit for each C, to the training images that were not held out
 * @param train images fitted to
 * @param trainUnlabelled images of the train split left out because their class is unknown
 * @param heldOut images that C was chosen on; 0 if no class has enough to hold one out, and the
 *     middle C was taken
 */
public record ProbeResult(
    ProbeSpec spec,
    EvalReport report,
    double calibrationError,
    ProbeFit fit,
    List<ProbeFit> tried,
    int train,
    int trainUnlabelled,
    int heldOut) {
  public ProbeResult {
    tried = List.copyOf(tried);
  }

  /**
   * Whether the chosen C is the smallest or the largest tried, so that a better one may lie beyond.
   */
  @com.fasterxml.jackson.annotation.JsonIgnore
  public boolean atEdge() {
    List<Double> c = spec.c();
    return heldOut > 0 && c.size() > 1 && (fit.c() == c.get(0) || fit.c() == c.get(c.size() - 1));
  }
}
