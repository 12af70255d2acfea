package simsiam.model.engine;

/** Arithmetic of the step; weights are always kept in float32. */
public enum Precision {
  FP32,
  TF32,
  BF16
}
