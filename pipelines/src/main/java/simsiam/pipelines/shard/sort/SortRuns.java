package simsiam.pipelines.shard.sort;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.shard.keys.Duplicate;
import simsiam.pipelines.shard.keys.LostRows;
import simsiam.pipelines.shard.keys.RunInput;
import simsiam.pipelines.shard.keys.RunTask;
import simsiam.pipelines.shard.keys.SetTotals;
import simsiam.pipelines.shard.keys.ShardRange;

/** Sorts each run without the images that are kept elsewhere. */
public final class SortRuns
    extends DoFn<KV<Integer, Iterable<RunInput>>, KV<MergeGroup, SortedRun>> {
  public static final TupleTag<KV<MergeGroup, SortedRun>> RUNS = new TupleTag<>("runs") {};
  public static final TupleTag<DuplicateFile> DUPLICATES = new TupleTag<>("duplicates") {};

  private final SortRun sort;
  private final SharedFolder shared;
  private final int wantedShards;
  private final int fanIn;
  private final PCollectionView<SetTotals> totals;

  /**
   * @param fanIn runs that are merged together
   */
  public SortRuns(
      SortRun sort,
      SharedFolder shared,
      int wantedShards,
      int fanIn,
      PCollectionView<SetTotals> totals) {
    this.sort = sort;
    this.shared = shared;
    this.wantedShards = wantedShards;
    this.fanIn = fanIn;
    this.totals = totals;
  }

  @Setup
  public void setup() {
    shared.require();
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    RunTask run = null;
    Map<Integer, Duplicate.Copy> lost = new HashMap<>();
    for (RunInput input : context.element().getValue()) {
      if (input instanceof RunTask task) {
        run = task;
      } else if (input instanceof LostRows rows) {
        rows.addTo(lost);
      }
    }
    SetTotals set = context.sideInput(totals);
    ShardRange shards =
        ShardRange.all(set.shards(false, wantedShards), set.shards(true, wantedShards));
    SortRun.Sorted sorted = sort.sort(run, lost, shards);
    context.output(KV.of(new MergeGroup(run.index() / fanIn, shards), sorted.run()));
    sorted.duplicates().ifPresent(file -> context.output(DUPLICATES, file));
  }
}
