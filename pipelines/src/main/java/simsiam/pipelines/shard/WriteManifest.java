package simsiam.pipelines.shard;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;

/** Writes the manifest once all shards are there. */
final class WriteManifest extends DoFn<KV<String, Iterable<WrittenShard>>, Void> {
  private final ManifestWriter writer;
  private final PCollectionView<SetTotals> totals;
  private final PCollectionView<Iterable<Duplicate>> duplicates;

  WriteManifest(
      ManifestWriter writer,
      PCollectionView<SetTotals> totals,
      PCollectionView<Iterable<Duplicate>> duplicates) {
    this.writer = writer;
    this.totals = totals;
    this.duplicates = duplicates;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    writer.write(
        context.sideInput(totals), context.sideInput(duplicates), context.element().getValue());
  }
}
