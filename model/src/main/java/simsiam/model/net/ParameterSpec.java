package simsiam.model.net;

import java.util.List;

/**
 * Name, shape and part of one tensor of a network.
 *
 * @param trained whether the optimiser moves it: false for running statistics and for a fixed
 *     predictor
 * @param predictor whether it belongs to a part with a learning rate of its own: SimSiam's
 *     predictor, a classifier's head
 */
public record ParameterSpec(
    String name, List<Integer> shape, Initial initial, boolean trained, boolean predictor) {
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** How a tensor starts. */
  public enum Initial {
    ZERO,
    ONE,
    /** Uniform in ±1/√fan-in, PyTorch's default for convolutions and linear layers. */
    UNIFORM_FAN_IN,
    /** Normal, of mean 0 and deviation 0.01: the heads of linear classifiers. */
    NORMAL
  }

  /** A tensor that has a gradient. */
  static ParameterSpec learned(String name, List<Integer> shape, Initial initial) {
    return new ParameterSpec(name, shape, initial, true, false);
  }

  /** A tensor that the forward pass of training moves. */
  static ParameterSpec statistic(String name, List<Integer> shape, Initial initial) {
    return new ParameterSpec(name, shape, initial, false, false);
  }

  /** How many values it has, which may be more than an array holds. */
  public long elements() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  public int size() {
    return Math.toIntExact(elements());
  }
}
