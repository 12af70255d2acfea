package simsiam.pipelines.shard.sort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.shard.keys.ShardRange;

/**
 * Cuts the shards of runs that are merged together into tasks. The runs' indexes are read here,
 * once each, so that a task opens no run that has nothing for it.
 */
final class CutRuns extends DoFn<KV<MergeGroup, Iterable<SortedRun>>, MergeTask> {
  private final SharedFolder shared;
  private final int tasks;

  /**
   * @param shared folder of the runs
   * @param tasks of a group, at most
   */
  CutRuns(SharedFolder shared, int tasks) {
    this.shared = shared;
    this.tasks = tasks;
  }

  @Setup
  public void setup() {
    shared.require();
  }

  @ProcessElement
  public void process(
      @Element KV<MergeGroup, Iterable<SortedRun>> element, OutputReceiver<MergeTask> out)
      throws IOException {
    Path folder = Places.path(shared.folder());
    ShardRange shards = element.getKey().shards();
    List<SortedRun> runs = new ArrayList<>();
    element.getValue().forEach(runs::add);
    List<SortedRun.Index> indexes = new ArrayList<>();
    try {
      for (SortedRun run : runs) {
        indexes.add(new SortedRun.Index(folder, run));
      }
      long[] starts = new long[runs.size()];
      int count = Math.min(tasks, shards.size());
      for (int task = 0; task < count; task++) {
        ShardRange part = shards.part(task, count);
        List<RunSegment> segments = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
          long end = indexes.get(i).start(part.to() - shards.from());
          if (end > starts[i]) {
            segments.add(new RunSegment(runs.get(i).file(), starts[i], end - starts[i]));
          }
          starts[i] = end;
        }
        out.output(new MergeTask(element.getKey().index(), part, segments));
      }
    } finally {
      for (SortedRun.Index index : indexes) {
        index.close();
      }
    }
  }
}
