package simsiam.pipelines.shard;

import java.io.IOException;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import simsiam.model.data.table.WrittenFile;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.shard.sort.MergeShard;
import simsiam.pipelines.shard.sort.MergeTask;

/** Writes each shard. A repeated attempt replaces the file by the same. */
final class WriteShards extends DoFn<MergeTask, WrittenShard> {
  static final String IMAGES = "images";

  private final SharedFolder shared;
  private final SharedRecords<MergeShard> described;
  private final Counter images = Metrics.counter(BeamRun.NAMESPACE, IMAGES);
  private transient MergeShard merge;

  /**
   * @param described one record: there may be tens of thousands of classes
   */
  WriteShards(SharedFolder shared, SharedRecords<MergeShard> described) {
    this.shared = shared;
    this.described = described;
  }

  @Setup
  public void setup() throws IOException {
    shared.require();
    merge = described.read(0);
    merge.requireCodec();
  }

  @ProcessElement
  public void process(@Element MergeTask task, OutputReceiver<WrittenShard> out)
      throws IOException {
    WrittenFile file = merge.write(task, Places.path(shared.folder()));
    images.inc(file.rows());
    out.output(new WrittenShard(task.shards().first(), file));
  }
}
