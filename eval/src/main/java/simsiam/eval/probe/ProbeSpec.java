package simsiam.eval.probe;

import java.util.List;
import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;

/**
 * Converged linear probe: how its regularisation is chosen and when it is solved.
 *
 * @param c values of C that are tried, the inverse of the L2 regularisation as in scikit-learn and
 *     LIBLINEAR; rising
 * @param heldOut share of the train split, by class, on which C is chosen
 * @param tolerance largest component of the gradient of the mean loss at which a fit is solved
 * @param maxIterations at which a fit that is not solved is given up, and said to be so
 */
public record ProbeSpec(
    @Neutral("[0.0001, 0.001, 0.01, 0.1, 1, 10]") List<Double> c,
    @Neutral("0.2") double heldOut,
    @Neutral("0.00001") double tolerance,
    @Neutral("2000") int maxIterations) {
  private static final double MOST_HELD_OUT = 0.9;
  private static final double LEAST_TOLERANCE = 1e-7;
  private static final double EXTREME_C = 1e12;

  public ProbeSpec {
    c = List.copyOf(c);
    new Checks()
        .require("c", c, rising(c), "rising numbers from 1e-12 to 1e12, at least one")
        .between("held_out", heldOut, 0, MOST_HELD_OUT)
        .require("held_out", heldOut, heldOut > 0, "a number above 0")
        .between("tolerance", tolerance, LEAST_TOLERANCE, 1)
        .atLeast("max_iterations", maxIterations, 1)
        .done();
  }

  private static boolean rising(List<Double> c) {
    double before = 0;
    for (double value : c) {
      if (!(value > before && value >= 1 / EXTREME_C && value <= EXTREME_C)) {
        return false;
      }
      before = value;
    }
    return !c.isEmpty();
  }
}
