package simsiam.model.train.spec;

/** The predictor's learning-rate schedule (paper Table 1: constant is better by 0.4 points). */
public enum PredictorLr {
  /** The full scaled rate throughout, also during warm-up. */
  CONSTANT,
  /** The encoder's schedule. */
  COSINE
}
