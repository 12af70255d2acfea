package simsiam.eval.fewshot;

import java.util.List;
import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;

/**
 * Which numbers of labelled images are tried.
 *
 * @param shots images a class; none together with no fractions: nothing is measured
 * @param fractions shares of each class's images
 * @param draws how often images are drawn, for mean and deviation
 * @param c of the probe where it cannot be chosen: inverse of its L2 regularisation
 */
public record FewShotSpec(
    @Neutral("[]") List<Integer> shots,
    @Neutral("[]") List<Double> fractions,
    @Neutral("5") int draws,
    @Neutral("1") double c) {
  private static final int MAX_DRAWS = 1000;
  private static final double EXTREME_C = 1e12;

  public FewShotSpec {
    shots = List.copyOf(shots);
    fractions = List.copyOf(fractions);
    new Checks()
        .require("shots", shots, rising(shots), "rising numbers of images, each at least 1")
        .require(
            "fractions",
            fractions,
            rising(fractions) && fractions.stream().allMatch(fraction -> fraction <= 1),
            "rising shares, each above 0 and at most 1")
        .atLeast("draws", draws, 1)
        .atMost("draws", draws, MAX_DRAWS)
        .between("c", c, 1 / EXTREME_C, EXTREME_C)
        .done();
  }

  private static boolean rising(List<? extends Number> values) {
    double before = 0;
    for (Number value : values) {
      if (!(value.doubleValue() > before)) {
        return false;
      }
      before = value.doubleValue();
    }
    return true;
  }

  /** Whether anything is asked for. */
  public boolean asked() {
    return !shots.isEmpty() || !fractions.isEmpty();
  }
}
