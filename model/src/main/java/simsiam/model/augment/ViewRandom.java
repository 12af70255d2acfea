package simsiam.model.augment;

/**
 * The random numbers of one view: a pure function of (seed, epoch, image id, view), so that a view
 * is the same whatever thread makes it and whatever was made before.
 *
 * <p>SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a counter that advances by an odd constant,
 * each value scrambled by {@link #mix}. The counter starts at a hash of the four keys: the id by
 * FNV-1a over its UTF-16 units, then one round of {@code mix} for each key. Not thread-safe.
 */
public final class ViewRandom {
  private static final long STEP = 0x9E3779B97F4A7C15L;
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private long counter;

  public ViewRandom(long seed, int epoch, String id, int view) {
    reset(seed, epoch, id, view);
  }

  /** Starts the numbers of another view. */
  public void reset(long seed, int epoch, String id, int view) {
    reset(seed, epoch, key(id), view);
  }

  /** All that the numbers take of an image's id. */
  public static long key(String id) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }

  /** The same of an image whose {@link #key} is known. */
  public void reset(long seed, int epoch, long key, int view) {
    long hash = mix(key + STEP);
    hash = mix(hash ^ (seed * STEP));
    hash = mix(hash + epoch);
    counter = mix(hash + ((long) view << 32));
  }

  /** A bijection of 64-bit values in which each input bit moves about half of the output's. */
  public static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  public long nextLong() {
    counter += STEP;
    return mix(counter);
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Uniform in [low, high). */
  public double uniform(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /** Uniform in 0 .. bound-1; the bias is below bound/2^32. */
  public int nextInt(int bound) {
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** True with probability p; draws a number even where p is 0 or 1. */
  public boolean chance(double p) {
    return nextDouble() < p;
  }
}
