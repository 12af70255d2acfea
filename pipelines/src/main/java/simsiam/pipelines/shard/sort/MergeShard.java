package simsiam.pipelines.shard.sort;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.LabelSpace;
import simsiam.model.data.ShardFooter;
import simsiam.model.data.ShardWriter;
import simsiam.model.data.table.PageCodec;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.data.table.WrittenFile;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.shard.keys.ShardId;

/**
 * Merges the segments of one shard and writes it; memory does not grow with the shard.
 *
 * @param output folder of the shards
 * @param compressor the library that compresses, as the launching machine has it
 */
public record MergeShard(
    String output,
    ImageEncoding encoding,
    LabelSpace space,
    String salt,
    String fingerprint,
    long rowGroupBytes,
    PageCodec codec,
    String compressor)
    implements Serializable {
  /** Checks, on a worker, that compressed bytes will be those of any other machine. */
  public void requireCodec() {
    if (!codec.compressor().equals(compressor)) {
      throw new IllegalStateException(
          ("Cannot write the same bytes on worker %s: expected %s, as on the launching machine, got"
                  + " %s, which the cluster brings (shard.compression: none needs neither)")
              .formatted(SharedFolder.worker(), compressor, codec.compressor()));
    }
  }

  /**
   * Writes the shard of a task.
   *
   * @param runs folder of the sorted runs
   */
  public WrittenFile write(MergeTask task, Path runs) throws IOException {
    ShardId shard = task.shards().first();
    ShardFooter footer =
        new ShardFooter(
            encoding,
            shard.split(),
            space.classNames(),
            shard.index(),
            shard.count(),
            salt,
            fingerprint,
            space.multiLabel());
    try (NewFile file = NewFile.in(output, shard.fileName());
        ShardWriter writer =
            new ShardWriter(
                file.path(), footer, space.sets(), new WriteSettings(rowGroupBytes, codec))) {
      String[] last = {""};
      SortedMerge.merge(
          SegmentReader.inputs(runs, task.segments()),
          record -> {
            ImageExample example = record.example();
            if (example.id().equals(last[0])) {
              throw new IllegalStateException(
                  "Cannot write shard: expected unique ids, got %s twice (%s)"
                      .formatted(example.id(), shard.fileName()));
            }
            writer.write(example);
            last[0] = example.id();
          });
      WrittenFile written = writer.commit();
      file.publish();
      return written;
    }
  }
}
