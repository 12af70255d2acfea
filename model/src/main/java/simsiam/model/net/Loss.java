package simsiam.model.net;

/**
 * How far a prediction is from its target: a function of the rows p and z of two matrices [N, d],
 * of which the mean over the rows is taken. Engines compute it and its gradients; those take it
 * apart by {@link #accept}.
 */
public sealed interface Loss {
  <R> R accept(Visitor<R> visitor);

  /** One method for each kind of loss. */
  interface Visitor<R> {
    R negativeCosine(NegativeCosine loss);

    R crossEntropySimilarity(CrossEntropySimilarity loss);

    R crossEntropy(CrossEntropy loss);
  }

  /**
   * {@code D(p, z) = -(p/|p|)·(z/|z|)} (paper §3, equation 1), from -1 to 1. A norm below {@link
   * #EPSILON} counts as that, so that nothing is divided by zero.
   */
  record NegativeCosine() implements Loss {
    public static final double EPSILON = 1e-8;

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.negativeCosine(this);
    }
  }

  /** {@code D(p, z) = -softmax(z)·log softmax(p)}, both over the d channels (paper §4.5). */
  record CrossEntropySimilarity() implements Loss {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.crossEntropySimilarity(this);
    }
  }

  /**
   * {@code D(p, t) = -t·log softmax(p)}: of logits p and the probabilities t of the d classes. A
   * target of zeros, as of an image without a label, has no part in the loss.
   */
  record CrossEntropy() implements Loss {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.crossEntropy(this);
    }
  }
}
