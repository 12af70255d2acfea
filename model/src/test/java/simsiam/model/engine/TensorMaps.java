package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.Tensor;

/** Arithmetic on named tensors, for tests. */
final class TensorMaps {
  private TensorMaps() {}

  static SortedMap<String, Tensor> plus(SortedMap<String, Tensor> a, SortedMap<String, Tensor> b) {
    return combine(a, b, Double::sum);
  }

  static SortedMap<String, Tensor> scaled(SortedMap<String, Tensor> a, double factor) {
    return combine(a, a, (x, same) -> x * factor);
  }

  private static SortedMap<String, Tensor> combine(
      SortedMap<String, Tensor> a, SortedMap<String, Tensor> b, DoubleBinaryOperator operator) {
    assertThat(a.keySet()).containsExactlyElementsOf(b.keySet());
    SortedMap<String, Tensor> result = new TreeMap<>();
    a.forEach(
        (name, left) -> {
          float[] right = b.get(name).data();
          float[] values = new float[right.length];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) operator.applyAsDouble(left.data()[i], right[i]);
          }
          result.put(name, new Tensor(left.shape(), values));
        });
    return result;
  }

  /** The tensors that the optimiser moves. */
  static SortedMap<String, Tensor> trained(NetworkSpec spec, SortedMap<String, Tensor> weights) {
    SortedMap<String, Tensor> trained = new TreeMap<>();
    NetworkLayout.of(spec).parameters().stream()
        .filter(ParameterSpec::trained)
        .forEach(p -> trained.put(p.name(), weights.get(p.name())));
    return trained;
  }

  static double norm(SortedMap<String, Tensor> tensors) {
    return Math.sqrt(tensors.values().stream().mapToDouble(t -> Math.pow(norm(t.data()), 2)).sum());
  }

  /**
   * Same names and shapes, and each tensor's difference has an L2 norm of at most {@code relative}
   * of its own, besides the rounding of elements that are zero in exact arithmetic.
   */
  static void assertNear(
      SortedMap<String, Tensor> got, SortedMap<String, Tensor> expected, double relative) {
    SortedMap<String, Tensor> difference = plus(got, scaled(expected, -1));
    for (Map.Entry<String, Tensor> entry : difference.entrySet()) {
      float[] values = expected.get(entry.getKey()).data();
      assertThat(got.get(entry.getKey()).shape()).isEqualTo(expected.get(entry.getKey()).shape());
      assertThat(norm(entry.getValue().data()))
          .as("difference of %s, of norm %s", entry.getKey(), norm(values))
          .isLessThanOrEqualTo(relative * norm(values) + 1e-7 * Math.sqrt(values.length));
    }
  }

  static void assertSameBits(SortedMap<String, Tensor> got, SortedMap<String, Tensor> expected) {
    assertThat(got.keySet()).containsExactlyElementsOf(expected.keySet());
    got.forEach(
        (name, tensor) -> assertThat(tensor.data()).as(name).isEqualTo(expected.get(name).data()));
  }

  static float[] joined(float[]... parts) {
    float[] joined = new float[parts.length * parts[0].length];
    for (int i = 0; i < parts.length; i++) {
      System.arraycopy(parts[i], 0, joined, i * parts[i].length, parts[i].length);
    }
    return joined;
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
