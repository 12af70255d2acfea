package simsiam.model.engine.nd4j;

import java.util.Arrays;
import java.util.Optional;

/**
 * A CUDA device as ND4J needs to know it.
 *
 * @param major of its compute capability: 8 of 8.6
 * @param minor of its compute capability: 6 of 8.6
 */
record CudaDevice(String name, int major, int minor) {
  /**
   * Compute capabilities that ND4J 1.0.0-M2.1 for CUDA 11.6 has machine code for. It has nothing
   * that a driver could translate for others (PTX).
   */
  private static final int[] CODE = {37, 50, 52, 60, 61, 70, 75, 80, 86};

  /** {@code 3.7 and 5.0 to 8.9}: what has code, by {@link #problem}. */
  static final String CAPABILITIES = "3.7 and 5.0 to 8.9";

  /** {@code NVIDIA A10 (compute capability 8.6)}. */
  String describe() {
    return "%s (compute capability %s.%s)".formatted(name, major, minor);
  }

  /**
   * Why ND4J cannot use the device; empty if it can. Machine code runs on devices of the same major
   * capability and the same or a later minor one.
   */
  Optional<String> problem() {
    return Arrays.stream(CODE).anyMatch(code -> code / 10 == major && code % 10 <= minor)
        ? Optional.empty()
        : Optional.of(
            "ND4J has code for compute capability %s, not for %s"
                .formatted(CAPABILITIES, describe()));
  }
}
