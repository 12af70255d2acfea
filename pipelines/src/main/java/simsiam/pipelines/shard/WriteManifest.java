package simsiam.pipelines.shard;

import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;
import simsiam.pipelines.shard.keys.SetTotals;
import simsiam.pipelines.shard.sort.DuplicateFile;

/** Writes the manifest once all shards are there. */
final class WriteManifest extends DoFn<KV<String, Iterable<WrittenShard>>, Void> {
  private final SharedFolder shared;
  private final SharedRecords<ManifestWriter> writer;
  private final PCollectionView<SetTotals> totals;
  private final PCollectionView<Iterable<DuplicateFile>> duplicates;

  /**
   * @param writer one record: it knows all chunks and classes
   */
  WriteManifest(
      SharedFolder shared,
      SharedRecords<ManifestWriter> writer,
      PCollectionView<SetTotals> totals,
      PCollectionView<Iterable<DuplicateFile>> duplicates) {
    this.shared = shared;
    this.writer = writer;
    this.totals = totals;
    this.duplicates = duplicates;
  }

  @Setup
  public void setup() {
    shared.require();
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    writer
        .read(0)
        .write(
            context.sideInput(totals),
            shared.folder(),
            context.sideInput(duplicates),
            context.element().getValue());
  }
}
