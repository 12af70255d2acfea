package simsiam.mlflow.system;

import java.util.Arrays;
import java.util.Map;

/** A line of {@code nvidia-smi}: index, utilisation (%), memory used and in all (MiB), watts. */
final class GpuLine {
  private static final double MIB = 1.048576;
  private static final int FIELDS = 5;

  private GpuLine() {}

  static void read(String line, Map<String, Double> values) {
    double[] fields =
        Arrays.stream(line.split(",")).mapToDouble(field -> number(field.strip())).toArray();
    if (fields.length != FIELDS) {
      return;
    }
    String prefix = "system/gpu_" + (int) fields[0] + "_";
    put(values, prefix + "utilization_percentage", fields[1]);
    put(values, prefix + "memory_usage_megabytes", fields[2] * MIB);
    put(values, prefix + "memory_usage_percentage", 100 * fields[2] / fields[3]);
    put(values, prefix + "power_usage_watts", fields[4]);
  }

  private static void put(Map<String, Double> values, String key, double value) {
    if (!Double.isNaN(value)) {
      values.put(key, value);
    }
  }

  /** NaN for what this GPU does not tell, which it shows as a word in brackets. */
  private static double number(String field) {
    return field.matches("[0-9.]+") ? Double.parseDouble(field) : Double.NaN;
  }
}
