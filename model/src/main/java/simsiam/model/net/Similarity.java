package simsiam.model.net;

/** D(p, z) of the loss (paper §3 and §4.5). */
public enum Similarity {
  /** Negative cosine: {@code -(p/|p|)·(z/|z|)}. */
  COSINE,
  /** {@code -softmax(z)·log softmax(p)}, both over the d channels. */
  CROSS_ENTROPY
}
