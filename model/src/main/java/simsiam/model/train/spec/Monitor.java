package simsiam.model.train.spec;

/** What can be measured of an encoder's features as training goes, beside kNN. */
public enum Monitor {
  /** Accuracy of a linear layer fitted to the features as they are. */
  ONLINE_PROBE,
  /** RankMe of the features. */
  RANK_ME,
  /** Effective rank of their covariance. */
  EFFECTIVE_RANK,
  /** Exponent α of the decay of their spectrum. */
  ALPHA_REQ,
  /** How near the features of two views of an image are. */
  ALIGNMENT,
  /** How evenly features are spread over the sphere. */
  UNIFORMITY,
  /** The singular values of their covariance. */
  SPECTRUM
}
