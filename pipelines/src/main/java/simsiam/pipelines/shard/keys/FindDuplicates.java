package simsiam.pipelines.shard.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import simsiam.model.data.prepared.PreparedKey;

/**
 * Among images of equal digest keeps one: of the test split if any is there, so that no test image
 * is trained on; else the smallest id. Puts out those left out, by run, and the totals of the rest.
 */
public final class FindDuplicates
    extends DoFn<KV<Integer, Iterable<byte[]>>, KV<Integer, Duplicate>> {
  public static final TupleTag<KV<Integer, Duplicate>> DUPLICATES = new TupleTag<>("duplicates") {};
  public static final TupleTag<SetTotals> TOTALS = new TupleTag<>("totals") {};

  private static final Comparator<KeyRow> TEST_FIRST =
      Comparator.comparing(KeyRow::test).reversed().thenComparing(row -> row.key().id());

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<byte[]>> bucket, MultiOutputReceiver out)
      throws IOException {
    Map<ByteBuffer, List<KeyRow>> equal = new HashMap<>();
    for (byte[] packed : bucket.getValue()) {
      for (KeyRow row : PackedKeys.unpack(packed)) {
        equal
            .computeIfAbsent(ByteBuffer.wrap(row.key().digest()), unused -> new ArrayList<>(1))
            .add(row);
      }
    }
    List<PreparedKey> train = new ArrayList<>();
    List<PreparedKey> test = new ArrayList<>();
    for (List<KeyRow> rows : equal.values()) {
      rows.sort(TEST_FIRST);
      KeyRow kept = rows.get(0);
      (kept.test() ? test : train).add(kept.key());
      for (KeyRow row : rows.subList(1, rows.size())) {
        Duplicate duplicate =
            new Duplicate(row.run(), row.row(), Duplicate.Copy.of(row), Duplicate.Copy.of(kept));
        out.get(DUPLICATES).output(KV.of(row.run(), duplicate));
      }
    }
    out.get(TOTALS).output(new SetTotals(SplitTotals.of(train), SplitTotals.of(test)));
  }
}
