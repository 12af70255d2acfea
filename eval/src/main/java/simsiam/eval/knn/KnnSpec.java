package simsiam.eval.knn;

import simsiam.model.config.Checks;

/**
 * Weighted kNN classification of features (Wu et al. 2018, §3.4).
 *
 * @param k neighbours that vote (200 in the SimSiam lineage)
 * @param temperature T in the vote's weight exp(similarity / T)
 */
public record KnnSpec(int k, double temperature) {
  public KnnSpec {
    new Checks().atLeast("k", k, 1).positive("temperature", temperature).done();
  }
}
