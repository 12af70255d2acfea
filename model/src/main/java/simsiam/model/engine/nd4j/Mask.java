package simsiam.model.engine.nd4j;

/** Which values a ReLU let through, and how its backward pass knows. */
sealed interface Mask {
  /** No ReLU. */
  record None() implements Mask {}

  /** Where {@code scale·y + shift > 0}, computed again. */
  record ByInput() implements Mask {}

  /** Where the ReLU's output, kept, is above 0. */
  record ByOutput(FeatureMap output) implements Mask {}
}
