package simsiam.model.engine.nd4j.kernels;

import java.util.List;

/**
 * Between the checkpoint's order of a weight's values and the engine's: convolutions OIHW ↔ [kH,
 * kW, in, out], linear layers [out, in] ↔ [in, out]; vectors are alike.
 */
public final class WeightOrder {
  private WeightOrder() {}

  /** From the checkpoint's order to the engine's. */
  public static float[] toEngine(List<Integer> shape, float[] values) {
    return reorder(shape, values, true);
  }

  /** From the engine's order to the checkpoint's, whose shape is given. */
  public static float[] fromEngine(List<Integer> shape, float[] values) {
    return reorder(shape, values, false);
  }

  private static float[] reorder(List<Integer> shape, float[] values, boolean toEngine) {
    if (shape.size() == 1) {
      return values.clone();
    }
    int out = shape.get(0);
    int in = shape.get(1);
    int taps = values.length / (out * in);
    float[] result = new float[values.length];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        for (int tap = 0; tap < taps; tap++) {
          int checkpoint = (o * in + i) * taps + tap;
          int engine = (tap * in + i) * out + o;
          if (toEngine) {
            result[engine] = values[checkpoint];
          } else {
            result[checkpoint] = values[engine];
          }
        }
      }
    }
    return result;
  }
}
