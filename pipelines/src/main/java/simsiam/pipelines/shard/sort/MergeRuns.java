package simsiam.pipelines.shard.sort;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.shard.keys.ShardRange;

/** Merges segments of several runs into one of the shards of their range. */
final class MergeRuns extends DoFn<MergeTask, KV<MergeGroup, SortedRun>> {
  private final SharedFolder shared;
  private final int fanIn;

  /**
   * @param shared folder of the runs
   * @param fanIn runs that are merged together next
   */
  MergeRuns(SharedFolder shared, int fanIn) {
    this.shared = shared;
    this.fanIn = fanIn;
  }

  @Setup
  public void setup() {
    shared.require();
  }

  @ProcessElement
  public void process(@Element MergeTask task, OutputReceiver<KV<MergeGroup, SortedRun>> out)
      throws IOException {
    ShardRange shards = task.shards();
    String name =
        String.format(
            Locale.ROOT, "merged-%05d-%05d-%s", task.index(), shards.from(), UUID.randomUUID());
    try (NewFile file = NewFile.in(shared.folder(), name)) {
      long bytes = merge(task, file.path());
      file.publish();
      out.output(KV.of(new MergeGroup(task.index() / fanIn, shards), new SortedRun(name, bytes)));
    }
  }

  private long merge(MergeTask task, Path file) throws IOException {
    ShardRange shards = task.shards();
    Path folder = Places.path(shared.folder());
    long[] sizes = new long[shards.size()];
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream records = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      SortedMerge.merge(
          SegmentReader.inputs(folder, task.segments()),
          record -> {
            sizes[shards.place(record.test(), record.order())] += record.size();
            records.write(record.encode().array());
          });
      records.flush();
      long bytes = channel.position();
      Arrays.parallelPrefix(sizes, Long::sum);
      SortedRun.writeIndex(channel, bytes, sizes);
      return bytes;
    }
  }
}
