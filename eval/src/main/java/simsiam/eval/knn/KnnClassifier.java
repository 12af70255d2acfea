package simsiam.eval.knn;

import java.util.Arrays;
import java.util.List;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.features.FeatureSet;
import simsiam.model.engine.LinearAlgebra;

/**
 * Weighted kNN classification (Wu et al. 2018, "Unsupervised Feature Learning via Non-Parametric
 * Instance Discrimination", §3.4): the k images of the bank nearest by cosine each vote for their
 * class with weight {@code exp(cosine / T)}. A class without a vote is no guess, not even among the
 * first five. Deterministic: ties go to the lower bank index and the lower class index.
 */
public final class KnnClassifier {
  private final KnnSpec spec;
  private final FeatureSet bank;
  private final int bankUnlabelled;
  private final NeighbourSearch search;

  /**
   * A classifier by the images of one split.
   *
   * @param bank features of the train split; images without a label are left out and counted
   */
  public KnnClassifier(KnnSpec spec, LinearAlgebra algebra, FeatureSet bank) {
    this.spec = spec;
    this.bank = bank.labelled();
    this.bankUnlabelled = bank.unlabelled();
    this.search = new NeighbourSearch(algebra, this.bank);
    if (spec.k() > this.bank.size()) {
      throw new IllegalArgumentException(
          "Cannot classify by kNN: expected knn.k of at most %s, the labelled images in the bank, got %s"
              .formatted(this.bank.size(), spec.k()));
    }
  }

  /** Classifies every labelled image of the split. */
  public KnnResult evaluate(FeatureSet split) {
    FeatureSet queries = split.labelled();
    Verdict[] verdicts = new Verdict[queries.size()];
    search.forEach(
        queries,
        spec.k(),
        (query, neighbours) ->
            verdicts[query] = Verdict.of(queries.labels()[query], votes(neighbours)));
    EvalReport report = EvalReport.of(List.of(verdicts), split.unlabelled(), bank.classNames());
    return new KnnResult(report, spec.k(), spec.temperature(), bank.size(), bankUnlabelled);
  }

  /** Votes by class, all divided by the nearest neighbour's weight so that none overflows. */
  private double[] votes(Neighbours neighbours) {
    double[] votes = new double[bank.classNames().size()];
    Arrays.fill(votes, Double.NEGATIVE_INFINITY);
    float nearest = neighbours.similarities()[0];
    for (int i = 0; i < neighbours.indices().length; i++) {
      double weight = Math.exp((neighbours.similarities()[i] - nearest) / spec.temperature());
      int label = bank.labels()[neighbours.indices()[i]];
      votes[label] = votes[label] == Double.NEGATIVE_INFINITY ? weight : votes[label] + weight;
    }
    return votes;
  }
}
