package simsiam.pipelines.shard.sort;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.shard.keys.Duplicate;
import simsiam.pipelines.shard.keys.RunTask;
import simsiam.pipelines.shard.keys.SetTotals;
import simsiam.pipelines.shard.keys.ShardId;

/** Sorts each run and puts out its segment of every shard. */
public final class SortRuns extends DoFn<RunTask, KV<ShardId, RunSegment>> {
  private final SortRun sort;
  private final SharedFolder shared;
  private final int wantedShards;
  private final PCollectionView<SetTotals> totals;
  private final PCollectionView<Map<Integer, Iterable<Duplicate>>> duplicates;

  public SortRuns(
      SortRun sort,
      SharedFolder shared,
      int wantedShards,
      PCollectionView<SetTotals> totals,
      PCollectionView<Map<Integer, Iterable<Duplicate>>> duplicates) {
    this.sort = sort;
    this.shared = shared;
    this.wantedShards = wantedShards;
    this.totals = totals;
    this.duplicates = duplicates;
  }

  public List<PCollectionView<?>> sideInputs() {
    return List.of(totals, duplicates);
  }

  @Setup
  public void setup() {
    shared.require();
  }

  @ProcessElement
  public void process(ProcessContext context) {
    RunTask run = context.element();
    SetTotals set = context.sideInput(totals);
    Set<Integer> dropped = new HashSet<>();
    for (Duplicate duplicate : context.sideInput(duplicates).getOrDefault(run.index(), List.of())) {
      dropped.add(duplicate.row());
    }
    sort.sort(
        run,
        dropped,
        set.shards(false, wantedShards),
        set.shards(true, wantedShards),
        (shard, segment) -> context.output(KV.of(shard, segment)));
  }
}
