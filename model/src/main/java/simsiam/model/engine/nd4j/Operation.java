package simsiam.model.engine.nd4j;

import java.util.Locale;

/** A kernel of a program and what it is counted as. */
record Operation(Kind kind, Kernel kernel) {
  /** What a step's time is broken down by. */
  enum Kind {
    CONVOLUTION,
    INPUT_GRADIENT,
    WEIGHT_GRADIENT,
    LINEAR,
    NORM_FORWARD,
    NORM_BACKWARD,
    POOLING,
    LOSS,
    UPDATE;

    /** {@code weight_gradient}. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
