package simsiam.model.augment;

import java.util.List;
import simsiam.model.config.Checks;

/**
 * Gaussian blur.
 *
 * @param p probability that a view is blurred
 * @param sigma interval of the kernel's deviation, in pixels
 */
public record BlurSpec(double p, List<Double> sigma) {
  public BlurSpec {
    sigma = List.copyOf(sigma);
    new Checks().between("p", p, 0, 1).interval("sigma", sigma).done();
  }
}
