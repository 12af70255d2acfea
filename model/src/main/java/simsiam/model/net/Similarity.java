package simsiam.model.net;

import simsiam.model.net.Loss.CrossEntropySimilarity;
import simsiam.model.net.Loss.NegativeCosine;

/** D(p, z) of the loss (paper §3 and §4.5). */
public enum Similarity {
  /** {@link NegativeCosine}. */
  COSINE(new NegativeCosine()),
  /** {@link CrossEntropySimilarity}. */
  CROSS_ENTROPY(new CrossEntropySimilarity());

  @SuppressWarnings("ImmutableEnumChecker") // records without components
  private final Loss loss;

  Similarity(Loss loss) {
    this.loss = loss;
  }

  public Loss loss() {
    return loss;
  }
}
