package simsiam.pipelines.shard.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import simsiam.model.file.Sha256;

/**
 * A 128-bit hash of (purpose, salt, id): where an example stands among the others, whatever the
 * machine, runner or number of workers.
 *
 * @param high upper 64 bits, unsigned
 * @param low lower 64 bits, unsigned
 */
public record OrderKey(long high, long low) implements Comparable<OrderKey> {
  /** Position inside a split. */
  public static OrderKey order(String salt, String id) {
    return hash("order", salt, id);
  }

  /** Whether an id falls into the test split; independent of its position. */
  public static boolean inTest(String salt, String id, double fraction) {
    return (hash("split", salt, id).high >>> 11) * 0x1.0p-53 < fraction;
  }

  private static OrderKey hash(String purpose, String salt, String id) {
    MessageDigest digest = Sha256.digest();
    for (String part : new String[] {purpose, salt, id}) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      // A byte that UTF-8 never has, so that parts cannot run together.
      digest.update((byte) 0xFF);
    }
    ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
    return new OrderKey(bytes.getLong(), bytes.getLong());
  }

  /** The shard of this position: shards hold equal ranges of keys, in order. */
  public int shard(int shards) {
    // high · shards / 2^64, unsigned
    long upper = Math.multiplyHigh(high, shards) + ((high >> 63) & shards);
    return (int) upper;
  }

  @Override
  public int compareTo(OrderKey other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }
}
