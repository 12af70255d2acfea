package simsiam.pipelines.shard;

import java.util.Arrays;
import simsiam.pipelines.shard.keys.OrderKey;

/** The keys of a split, 16 bytes each, to be found again if they came in order. */
final class KeyList {
  private static final int FIRST = 1024;

  private long[] longs = new long[FIRST];
  private int size;
  private boolean ordered = true;
  private OrderKey last;

  void add(OrderKey key) {
    if (2 * size == longs.length) {
      longs = Arrays.copyOf(longs, 2 * longs.length);
    }
    longs[2 * size] = key.high();
    longs[2 * size + 1] = key.low();
    size++;
    ordered &= last == null || last.compareTo(key) <= 0;
    last = key;
  }

  /** Whether it has a key; never where the keys did not come in order. */
  boolean contains(OrderKey key) {
    int low = 0;
    int high = ordered ? size - 1 : -1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int compared = get(middle).compareTo(key);
      if (compared == 0) {
        return true;
      } else if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  private OrderKey get(int index) {
    return new OrderKey(longs[2 * index], longs[2 * index + 1]);
  }
}
