package simsiam.eval.knn;

import java.util.List;
import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;

/**
 * Weighted kNN classification of features (Wu et al. 2018, §3.4).
 *
 * @param k neighbours that vote (200 in the SimSiam lineage)
 * @param temperature T in the vote's weight exp(similarity / T)
 * @param gridK values of k that are tried beside it on held-out train images; none: no grid
 * @param gridTemperature values of T that are tried with each of them
 */
public record KnnSpec(
    int k,
    double temperature,
    @Neutral("[1, 5, 10, 20, 50, 100, 200]") List<Integer> gridK,
    @Neutral("[0.02, 0.05, 0.1, 0.2, 0.5]") List<Double> gridTemperature) {
  public KnnSpec {
    gridK = List.copyOf(gridK);
    gridTemperature = List.copyOf(gridTemperature);
    Checks checks = new Checks().atLeast("k", k, 1).positive("temperature", temperature);
    gridK.forEach(value -> checks.atLeast("grid_k", value, 1));
    gridTemperature.forEach(value -> checks.positive("grid_temperature", value));
    checks.done();
  }

  /** One k and one T alone. */
  public KnnSpec(int k, double temperature) {
    this(k, temperature, List.of(), List.of());
  }
}
