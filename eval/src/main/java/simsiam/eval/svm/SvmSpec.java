package simsiam.eval.svm;

import java.util.List;
import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;

/**
 * One-vs-rest linear SVMs.
 *
 * @param c costs that are tried, rising; none: no SVMs
 * @param lowShot numbers of training images of each class with which SVMs are fitted beside those
 *     with all images; none: only those
 * @param samples draws of the images of each such number
 */
public record SvmSpec(
    @Neutral("[]") List<Double> c,
    @Neutral("[]") List<Integer> lowShot,
    @Neutral("5") int samples) {
  private static final double EXTREME_C = 1e9;
  private static final int MOST_SAMPLES = 1000;

  public SvmSpec {
    c = List.copyOf(c);
    lowShot = List.copyOf(lowShot);
    new Checks()
        .require("c", c, rising(c), "rising numbers from 1e-9 to 1e9, or none")
        .require("low_shot", lowShot, risingCounts(lowShot), "rising numbers of images, or none")
        .require(
            "low_shot", lowShot, lowShot.isEmpty() || !c.isEmpty(), "[] unless svm.c has costs")
        .atLeast("samples", samples, 1)
        .atMost("samples", samples, MOST_SAMPLES)
        .done();
  }

  /** Whether there is anything to fit. */
  public boolean on() {
    return !c.isEmpty();
  }

  private static boolean rising(List<Double> values) {
    double before = 0;
    for (double value : values) {
      if (!(value > before && value >= 1 / EXTREME_C && value <= EXTREME_C)) {
        return false;
      }
      before = value;
    }
    return true;
  }

  private static boolean risingCounts(List<Integer> values) {
    int before = 0;
    for (int value : values) {
      if (value <= before) {
        return false;
      }
      before = value;
    }
    return true;
  }
}
