package simsiam.model.engine;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.Tensor;

/** Whether tensors handed to an engine are exactly those of its network's layout. */
public final class TensorCheck {
  private TensorCheck() {}

  /**
   * Checks names and shapes.
   *
   * @param what the tensors are, for the message: {@code weights} or {@code momentum}
   * @throws IllegalArgumentException if any is missing, unknown or misshapen
   */
  public static void check(
      String what, List<ParameterSpec> expected, SortedMap<String, Tensor> given) {
    SortedSet<String> missing = new TreeSet<>();
    expected.forEach(spec -> missing.add(spec.name()));
    SortedSet<String> unknown = new TreeSet<>(given.keySet());
    unknown.removeAll(missing);
    missing.removeAll(given.keySet());
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot import %s: expected the %s tensors of the layout, got %s (missing %s, unknown %s)"
              .formatted(what, expected.size(), given.size(), missing, unknown));
    }
    expected.forEach(spec -> checkShape(what, spec, given.get(spec.name())));
  }

  private static void checkShape(String what, ParameterSpec spec, Tensor tensor) {
    List<Integer> shape = Arrays.stream(tensor.shape()).mapToObj(Math::toIntExact).toList();
    if (!shape.equals(spec.shape())) {
      throw new IllegalArgumentException(
          "Cannot import %s: expected shape %s, got %s (%s)"
              .formatted(what, spec.shape(), shape, spec.name()));
    }
  }
}
