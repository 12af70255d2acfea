package simsiam.model.engine;

import java.util.Map;

/** A network that can tell where its training steps' time went. */
public interface OperationTimes {
  /**
   * Nanoseconds by kind of operation, such as {@code weight_gradient}, summed over the steps since
   * the present batch and image size were first seen; empty before the first step.
   */
  Map<String, Long> operationNanos();
}
