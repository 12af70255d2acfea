package simsiam.eval.probe;

/**
 * eˣ of many values up to zero, by arithmetic that the compiler turns into vector instructions and
 * that gives the same bits on every machine: {@link Math#exp} of a softmax would take longer than
 * the products around it.
 */
final class Exponential {
  /** Values below count as this one: 1e-14. */
  static final float LEAST = -32f;

  /** x/128, at most a quarter, has so few terms; 2⁷ doublings lead back. */
  private static final float PART = 1f / 128;

  private Exponential() {}

  /**
   * Replaces x by eˣ, to 3e-7 absolute. By eˣ-1, as (1+u)² - 1 = u(u+2): squares of eˣ itself would
   * square its rounding seven times.
   *
   * @param x the first {@code count} values, from {@link #LEAST} to 0
   */
  static void replace(float[] x, int count) {
    for (int i = 0; i < count; i++) {
      float y = x[i] * PART;
      float u = y * (1f / 720) + 1f / 120;
      u = u * y + 1f / 24;
      u = u * y + 1f / 6;
      u = u * y + 0.5f;
      u = u * y * y + y;
      u = u * u + 2 * u;
      u = u * u + 2 * u;
      u = u * u + 2 * u;
      u = u * u + 2 * u;
      u = u * u + 2 * u;
      u = u * u + 2 * u;
      u = u * u + 2 * u;
      x[i] = u + 1;
    }
  }
}
