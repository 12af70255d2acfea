package simsiam.pipelines.shard;

import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.shard.keys.SetTotals;
import simsiam.pipelines.shard.sort.DuplicateFile;

/** Writes the manifest once all shards are there. */
final class WriteManifest extends DoFn<KV<String, Iterable<WrittenShard>>, Void> {
  private final ManifestWriter writer;
  private final SharedFolder shared;
  private final PCollectionView<SetTotals> totals;
  private final PCollectionView<Iterable<DuplicateFile>> duplicates;

  WriteManifest(
      ManifestWriter writer,
      SharedFolder shared,
      PCollectionView<SetTotals> totals,
      PCollectionView<Iterable<DuplicateFile>> duplicates) {
    this.writer = writer;
    this.shared = shared;
    this.totals = totals;
    this.duplicates = duplicates;
  }

  @Setup
  public void setup() {
    shared.require();
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    writer.write(
        context.sideInput(totals),
        shared.folder(),
        context.sideInput(duplicates),
        context.element().getValue());
  }
}
