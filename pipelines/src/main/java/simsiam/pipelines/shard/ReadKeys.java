package simsiam.pipelines.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Keys of a run, grouped so that equal images meet: by the first bits of their digest. */
final class ReadKeys extends DoFn<RunTask, KV<Integer, List<KeyRow>>> {
  private static final int BUCKET_BITS = 6;

  private final RunKeys keys;

  ReadKeys(RunKeys keys) {
    this.keys = keys;
  }

  @ProcessElement
  public void process(@Element RunTask run, OutputReceiver<KV<Integer, List<KeyRow>>> out) {
    Map<Integer, List<KeyRow>> buckets = new TreeMap<>();
    keys.forEach(
        run,
        row -> {
          int bucket = (row.key().digest()[0] & 0xFF) >>> (8 - BUCKET_BITS);
          buckets.computeIfAbsent(bucket, unused -> new ArrayList<>()).add(row);
        });
    buckets.forEach((bucket, rows) -> out.output(KV.of(bucket, rows)));
  }
}
