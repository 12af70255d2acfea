package simsiam.model.engine.nd4j.kernels;

import java.util.Locale;

/** A kernel of a program and what it is counted as. */
public record Operation(Kind kind, Kernel kernel) {
  /** What a step's time is broken down by. */
  public enum Kind {
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
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
