package simsiam.model.engine.nd4j.host;

/** Heap arrays of one worker, grown when needed and reused by every task. */
public final class Scratch {
  private final float[][] arrays = new float[8][0];

  /** Array {@code slot} (0 to 7), of at least {@code size} floats, with stale content. */
  public float[] floats(int slot, int size) {
    if (arrays[slot].length < size) {
      arrays[slot] = new float[size];
    }
    return arrays[slot];
  }
}
