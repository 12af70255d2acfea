package simsiam.pipelines.shard.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import simsiam.model.data.prepared.PreparedKey;

/**
 * Among images of equal digest, at most one of each run, finds the one that is kept. Puts out, by
 * run, those that are not, and the totals of the rest.
 */
public final class FindDuplicates
    extends DoFn<KV<Integer, Iterable<byte[]>>, KV<Integer, RunInput>> {
  public static final TupleTag<KV<Integer, RunInput>> LOST = new TupleTag<>("lost") {};
  public static final TupleTag<SetTotals> TOTALS = new TupleTag<>("totals") {};

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<byte[]>> bucket, MultiOutputReceiver out)
      throws IOException {
    Map<ByteBuffer, List<KeyRow>> equal = new HashMap<>();
    for (byte[] packed : bucket.getValue()) {
      for (KeyRow row : PackedKeys.unpack(packed)) {
        equal.computeIfAbsent(RunRows.digest(row), unused -> new ArrayList<>(1)).add(row);
      }
    }
    List<PreparedKey> train = new ArrayList<>();
    List<PreparedKey> test = new ArrayList<>();
    Map<Integer, Map<Integer, Duplicate.Copy>> lost = new TreeMap<>();
    for (List<KeyRow> rows : equal.values()) {
      KeyRow kept = rows.stream().reduce(KeyRow::kept).orElseThrow();
      (kept.test() ? test : train).add(kept.key());
      Duplicate.Copy copy = Duplicate.Copy.of(kept);
      for (KeyRow row : rows) {
        if (row.run() != kept.run()) {
          lost.computeIfAbsent(row.run(), unused -> new TreeMap<>()).put(row.row(), copy);
        }
      }
    }
    for (Map.Entry<Integer, Map<Integer, Duplicate.Copy>> run : lost.entrySet()) {
      out.get(LOST).output(KV.of(run.getKey(), LostRows.of(run.getValue())));
    }
    out.get(TOTALS).output(new SetTotals(SplitTotals.of(train), SplitTotals.of(test)));
  }
}
