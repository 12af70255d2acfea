package simsiam.model.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.Tensor;

/** Numbers that look random but are a hash of their position: the same here and in Python. */
final class Hashed {
  private Hashed() {}

  /** Numbers in [-1, 1), exact in float32; as {@code hashed} of {@code pytorch_reference.py}. */
  static double[] values(int count, long seed) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      long h = (i * 2654435761L + seed) & 0xFFFFFFFFL;
      for (long multiplier : new long[] {2246822519L, 3266489917L}) {
        h ^= h >>> 15;
        h = h * multiplier & 0xFFFFFFFFL;
      }
      h ^= h >>> 16;
      values[i] = (double) (h >>> 8) / (1 << 23) - 1;
    }
    return values;
  }

  /** Normalised pixels [count, size, size, 3] in [-2, 2). */
  static float[] pixels(int count, int size, long seed) {
    return scaled(values(count * size * size * 3, seed), 2, 0);
  }

  /** Weights of a usual size, running statistics as they start. */
  static SortedMap<String, Tensor> weights(NetworkSpec spec) {
    return weights(Method.of(spec));
  }

  /** The same. */
  static SortedMap<String, Tensor> weights(Method method) {
    SortedMap<String, Tensor> weights = new TreeMap<>();
    for (ParameterSpec parameter : method.parameters()) {
      long[] shape = parameter.shape().stream().mapToLong(Integer::longValue).toArray();
      weights.put(parameter.name(), new Tensor(shape, weight(parameter)));
    }
    return weights;
  }

  private static float[] weight(ParameterSpec parameter) {
    String name = parameter.name();
    List<Integer> shape = parameter.shape();
    double[] values = values(parameter.size(), crc32(name));
    if (name.endsWith("running_mean") || name.endsWith("running_var")) {
      return scaled(values, 0, name.endsWith("var") ? 1 : 0);
    }
    boolean deep = name.endsWith("bn3.weight"); // smaller, as in pytorch_reference.py
    return shape.size() > 1
        ? scaled(values, Math.sqrt(3.0 / (parameter.size() / shape.get(0))), 0)
        : scaled(values, deep ? 0.0625 : 0.25, deep ? 0.25 : name.endsWith("weight") ? 1 : 0);
  }

  private static float[] scaled(double[] values, double factor, double offset) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = (float) (values[i] * factor + offset);
    }
    return scaled;
  }

  static long crc32(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
