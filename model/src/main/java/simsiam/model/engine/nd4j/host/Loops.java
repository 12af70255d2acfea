package simsiam.model.engine.nd4j.host;

/**
 * Inner loops over one tile. Every array is read at the same index and nothing branches: the form
 * that HotSpot's C2 turns into vector instructions.
 */
final class Loops {
  /** Squared, takes the smallest positive float above 1. */
  private static final float HUGE = 1e38f;

  private Loops() {}

  static void add(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      a[i] += b[i];
    }
  }

  static void multiply(float[] a, float factor, int n) {
    for (int i = 0; i < n; i++) {
      a[i] *= factor;
    }
  }

  /** Adds {@code y - pivot} to {@code sum} and its square to {@code squares}. */
  static void moments(float[] y, float[] pivot, float[] sum, float[] squares, int n) {
    for (int i = 0; i < n; i++) {
      float d = y[i] - pivot[i];
      sum[i] += d;
      squares[i] += d * d;
    }
  }

  /** {@code y = scale·y + shift}. */
  static void affine(float[] y, float[] scale, float[] shift, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = scale[i] * y[i] + shift[i];
    }
  }

  static void relu(float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(y[i], 0f);
    }
  }

  /** {@code y = max(scale·y + shift, 0)}. */
  static void affineRelu(float[] y, float[] scale, float[] shift, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(scale[i] * y[i] + shift[i], 0f);
    }
  }

  /** {@code y = scale·y + shift + skip}. */
  static void affineAdd(float[] y, float[] scale, float[] shift, float[] skip, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = scale[i] * y[i] + shift[i] + skip[i];
    }
  }

  /** {@code y = max(scale·y + shift + skip, 0)}. */
  static void affineAddRelu(float[] y, float[] scale, float[] shift, float[] skip, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(scale[i] * y[i] + shift[i] + skip[i], 0f);
    }
  }

  /** Clears {@code g} where the output of a ReLU, {@code out >= 0}, is 0. */
  static void maskByOutput(float[] g, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      g[i] *= Math.min(out[i] * HUGE * HUGE, 1f);
    }
  }

  /** Clears {@code g} where {@code scale·y + shift} is not above 0. */
  static void maskByInput(float[] g, float[] y, float[] scale, float[] shift, int n) {
    for (int i = 0; i < n; i++) {
      float u = Math.max(scale[i] * y[i] + shift[i], 0f);
      g[i] *= Math.min(u * HUGE * HUGE, 1f);
    }
  }

  /** Adds {@code g} to {@code sum} and {@code g·(y - mean)} to {@code products}. */
  static void sums(float[] g, float[] y, float[] mean, float[] sum, float[] products, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] += g[i];
      products[i] += g[i] * (y[i] - mean[i]);
    }
  }

  /** {@code y = a·g + b·(y - mean) + c}. */
  static void combine(float[] y, float[] g, float[] mean, float[] a, float[] b, float[] c, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i] * g[i] + b[i] * (y[i] - mean[i]) + c[i];
    }
  }

  /** Heavy-ball momentum: {@code buf = momentum·buf + (g + decay·w); w -= rate·buf}. */
  static void heavyBall(
      float[] w, float[] g, float[] buf, float rate, float momentum, float decay, int n) {
    for (int i = 0; i < n; i++) {
      buf[i] = momentum * buf[i] + (g[i] + decay * w[i]);
      w[i] -= rate * buf[i];
    }
  }
}
