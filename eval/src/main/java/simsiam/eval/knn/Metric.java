package simsiam.eval.knn;

/** How near two features are. */
public enum Metric {
  /** {@code a·b / (‖a‖·‖b‖)}; 0 where one of them is zero. */
  COSINE,
  /**
   * {@code -‖a-b‖²} over the mean squared distance between two images of the bank, so that
   * temperatures mean about the same whatever the scale of the features.
   */
  EUCLIDEAN
}
