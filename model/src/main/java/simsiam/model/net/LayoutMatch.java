package simsiam.model.net;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import simsiam.model.engine.Tensor;

/**
 * The names and shapes that a set of tensors must have, exactly, before an engine takes it over.
 */
public final class LayoutMatch {
  private final SortedMap<String, List<Integer>> shapes = new TreeMap<>();

  private LayoutMatch(NetworkLayout layout, Predicate<ParameterSpec> included) {
    layout.parameters().stream()
        .filter(included)
        .forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
  }

  /** Every tensor of the network, running statistics included. */
  public static LayoutMatch weights(NetworkLayout layout) {
    return new LayoutMatch(layout, parameter -> true);
  }

  /** One buffer for each trained tensor. */
  public static LayoutMatch momentum(NetworkLayout layout) {
    return new LayoutMatch(layout, ParameterSpec::trained);
  }

  /**
   * Checks tensors against the layout.
   *
   * @param action what is to be done with the tensors, for the message: {@code import weights}
   * @throws IllegalArgumentException naming the first tensor that is missing, misshapen or too many
   */
  public void require(String action, SortedMap<String, Tensor> tensors) {
    shapes.forEach(
        (name, shape) -> {
          Tensor tensor = tensors.get(name);
          String got = tensor == null ? "none" : Arrays.toString(tensor.shape());
          if (!got.equals(shape.toString())) {
            throw mismatch(action, name + " of shape " + shape, got);
          }
        });
    for (String name : tensors.keySet()) {
      if (!shapes.containsKey(name)) {
        throw mismatch(action, "the " + shapes.size() + " tensors of the network", "also " + name);
      }
    }
  }

  private static IllegalArgumentException mismatch(String action, String expected, String got) {
    return new IllegalArgumentException(
        "Cannot " + action + ": expected " + expected + ", got " + got);
  }
}
