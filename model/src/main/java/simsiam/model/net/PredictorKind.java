package simsiam.model.net;

/** The prediction MLP and its ablations (paper Table 1). */
public enum PredictorKind {
  /** A trained two-layer bottleneck MLP. */
  MLP,
  /** The identity: p = z. */
  NONE,
  /** The MLP at its random initial weights, never trained. */
  FIXED
}
