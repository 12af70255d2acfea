package simsiam.pipelines.shard.keys;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import simsiam.pipelines.beam.SharedFolder;

/**
 * Keys of a run, one for each digest, grouped so that equal images meet: by the first bits of their
 * digest.
 */
public final class ReadKeys extends DoFn<RunTask, KV<Integer, byte[]>> {
  /** Keys that one worker compares at a time, about. */
  private static final int BUCKET_ROWS = 25_000;

  private final RunKeys keys;
  private final SharedFolder shared;
  private final int bucketBits;

  /**
   * @param rows of all runs
   */
  public ReadKeys(RunKeys keys, SharedFolder shared, long rows) {
    this.keys = keys;
    this.shared = shared;
    this.bucketBits = bucketBits(rows);
  }

  static int bucketBits(long rows) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(rows / BUCKET_ROWS);
    return Math.min(16, Math.max(2, bits));
  }

  @Setup
  public void setup() {
    shared.require();
  }

  @ProcessElement
  public void process(@Element RunTask run, OutputReceiver<KV<Integer, byte[]>> out)
      throws IOException {
    Map<Integer, List<KeyRow>> buckets = new TreeMap<>();
    for (KeyRow row : RunRows.of(keys, run).keepers()) {
      int bucket = bucket(row.key().digest());
      buckets.computeIfAbsent(bucket, unused -> new ArrayList<>()).add(row);
    }
    for (Map.Entry<Integer, List<KeyRow>> bucket : buckets.entrySet()) {
      out.output(KV.of(bucket.getKey(), PackedKeys.pack(bucket.getValue())));
    }
  }

  private int bucket(byte[] digest) {
    int first = (digest[0] & 0xFF) << 8 | (digest[1] & 0xFF);
    return first >>> (16 - bucketBits);
  }
}
