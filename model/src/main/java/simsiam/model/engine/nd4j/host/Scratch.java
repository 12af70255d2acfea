package simsiam.model.engine.nd4j.host;

/** Heap arrays of one worker, grown when needed and reused by every task. */
public final class Scratch {
  private final int worker;
  private final float[][] arrays = new float[8][0];

  Scratch(int worker) {
    this.worker = worker;
  }

  /** The number of the worker that it belongs to, from 0: the one that calls. */
  int worker() {
    return worker;
  }

  /** Array {@code slot} (0 to 7), of at least {@code size} floats, with stale content. */
  public float[] floats(int slot, int size) {
    if (arrays[slot].length < size) {
      arrays[slot] = new float[size];
    }
    return arrays[slot];
  }
}
