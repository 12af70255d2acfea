package simsiam.model.train.spec;

/** Which engine trains. */
public enum EngineChoice {
  /** The fastest that this machine and this build can run. */
  AUTO,
  ND4J,
  TORCH
}
