package simsiam.model.engine.nd4j.kernels;

/** A float32 rounded to its upper half, to the nearest and of two to the even one. */
public final class Bfloat16 {
  private Bfloat16() {}

  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40); // a NaN stays one, whatever is cut off
    }
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }

  public static float toFloat(short half) {
    return Float.intBitsToFloat(half << 16);
  }
}
