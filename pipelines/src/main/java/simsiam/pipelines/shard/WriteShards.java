package simsiam.pipelines.shard;

import java.io.IOException;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import simsiam.model.data.table.WrittenFile;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.shard.sort.MergeShard;
import simsiam.pipelines.shard.sort.MergeTask;

/** Writes each shard. A repeated attempt replaces the file by the same. */
final class WriteShards extends DoFn<MergeTask, WrittenShard> {
  static final String IMAGES = "images";

  private final MergeShard merge;
  private final SharedFolder shared;
  private final Counter images = Metrics.counter(BeamRun.NAMESPACE, IMAGES);

  WriteShards(MergeShard merge, SharedFolder shared) {
    this.merge = merge;
    this.shared = shared;
  }

  @Setup
  public void setup() {
    shared.require();
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
