package simsiam.pipelines.shard.sort;

import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Redistribute;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import simsiam.pipelines.beam.SharedFolder;

/**
 * Sorted runs to a task for each shard, of as many segments at most as may be merged at a time.
 * Where there are more runs than that, groups of them are merged first. A group's merge is cut by
 * shards into as many tasks as it has runs, so that runs stay of a size and tasks stay as many,
 * however often the images are merged.
 */
public final class Merging
    extends PTransform<PCollection<KV<MergeGroup, SortedRun>>, PCollection<MergeTask>> {
  private static final long serialVersionUID = 1L;

  private final SharedFolder shared;
  private final int runs;
  private final int fanIn;

  /**
   * @param shared folder of the runs
   * @param runs at first
   * @param fanIn segments of a task, at most
   */
  public Merging(SharedFolder shared, int runs, int fanIn) {
    this.shared = shared;
    this.runs = runs;
    this.fanIn = fanIn;
  }

  @Override
  public PCollection<MergeTask> expand(PCollection<KV<MergeGroup, SortedRun>> sorted) {
    PCollection<KV<MergeGroup, SortedRun>> all = sorted;
    int level = 1;
    for (int left = runs; left > fanIn; left = (left + fanIn - 1) / fanIn) {
      all =
          tasks(all, fanIn, String.valueOf(level))
              .apply("MergeRuns" + level, ParDo.of(new MergeRuns(shared, fanIn)))
              .setCoder(coder());
      level++;
    }
    return tasks(all, Integer.MAX_VALUE, "");
  }

  private PCollection<MergeTask> tasks(
      PCollection<KV<MergeGroup, SortedRun>> all, int most, String level) {
    return all.apply("RunsOfGroup" + level, GroupByKey.create())
        .apply("CutRuns" + level, ParDo.of(new CutRuns(shared, most)))
        .setCoder(SerializableCoder.of(MergeTask.class))
        .apply("Spread" + level, Redistribute.arbitrarily());
  }

  /** Coder of sorted runs with their group. */
  public static KvCoder<MergeGroup, SortedRun> coder() {
    return KvCoder.of(new MergeGroupCoder(), SerializableCoder.of(SortedRun.class));
  }
}
