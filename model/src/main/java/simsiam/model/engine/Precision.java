package simsiam.model.engine;

/** Arithmetic of the step; weights are always kept in float32. */
public enum Precision {
  /** In a configuration alone, which is read as if it named what this stands for. */
  AUTO,
  FP32,
  TF32,
  BF16
}
