package simsiam.pipelines.report;

import java.util.Optional;
import simsiam.eval.knn.KnnResult;
import simsiam.eval.linear.LinearResult;

/** What was measured on the encoder and, as the baseline, on the same encoder before training. */
public record Evaluations(
    Optional<KnnResult> knn,
    Optional<KnnResult> randomKnn,
    Optional<LinearResult> linear,
    Optional<LinearResult> randomLinear) {
  public static Evaluations none() {
    return new Evaluations(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
