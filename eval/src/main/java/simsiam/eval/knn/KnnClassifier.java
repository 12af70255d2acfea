package simsiam.eval.knn;

import java.util.List;
import java.util.Optional;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.features.FeatureSet;
import simsiam.model.engine.LinearAlgebra;

/**
 * Weighted kNN classification (Wu et al. 2018, "Unsupervised Feature Learning via Non-Parametric
 * Instance Discrimination", §3.4): the k nearest images of the bank each vote for their class with
 * weight {@code exp(similarity / T)}. A class without a vote is no guess, not even among the first
 * five. Deterministic: ties go to the lower bank index and the lower class index.
 */
public final class KnnClassifier {
  private final KnnSpec spec;
  private final FeatureSet bank;
  private final int bankUnlabelled;
  private final NeighbourSearch search;

  /**
   * A classifier by the images of one split, by cosine.
   *
   * @param bank features of the train split; images without a label are left out and counted
   */
  public KnnClassifier(KnnSpec spec, LinearAlgebra algebra, FeatureSet bank) {
    this(spec, Metric.COSINE, algebra, bank);
  }

  KnnClassifier(KnnSpec spec, Metric metric, LinearAlgebra algebra, FeatureSet bank) {
    this.spec = spec;
    this.bank = bank.labelled();
    this.bankUnlabelled = bank.unlabelled();
    this.search = new NeighbourSearch(algebra, this.bank, metric, Optional.empty());
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
        (query, neighbours) -> {
          Votes votes = new Votes(bank.classNames().size(), spec.temperature());
          votes.add(neighbours, 0, spec.k(), bank.labels());
          verdicts[query] = Verdict.of(queries.labels()[query], votes.byClass());
        });
    EvalReport report = EvalReport.of(List.of(verdicts), split.unlabelled(), bank.classNames());
    return new KnnResult(report, spec.k(), spec.temperature(), bank.size(), bankUnlabelled);
  }
}
