package simsiam.pipelines.shard;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import simsiam.model.data.ChannelStatistics;
import simsiam.model.data.LabelSpace;
import simsiam.model.data.Manifest;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.AtomicFile;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.preprocess.PreparedSummary;
import simsiam.pipelines.shard.keys.Duplicate;
import simsiam.pipelines.shard.keys.SetTotals;
import simsiam.pipelines.shard.keys.SplitTotals;
import simsiam.pipelines.shard.keys.Splits;

/**
 * Writes {@code duplicates.jsonl}, then {@code manifest.json}.
 *
 * @param output folder of the shards
 * @param configJson config slice, as JSON
 */
record ManifestWriter(String output, String summaryJson, String fingerprint, String configJson)
    implements Serializable {
  /** Pairs that the manifest itself names. */
  private static final int NAMED_PAIRS = 100;

  void write(SetTotals totals, Iterable<Duplicate> found, Iterable<WrittenShard> written)
      throws IOException {
    PreparedSummary summary = CanonicalJson.parse(summaryJson, PreparedSummary.class);
    List<Duplicate> duplicates = new ArrayList<>();
    found.forEach(duplicates::add);
    duplicates.sort(Comparator.comparing(duplicate -> duplicate.dropped().id()));
    List<WrittenShard> shards = new ArrayList<>();
    written.forEach(shards::add);
    shards.sort(Comparator.comparing(WrittenShard::shard));
    writeDuplicates(duplicates);
    Manifest manifest =
        new Manifest(
            Manifest.SCHEMA_VERSION,
            fingerprint,
            summary.sourceDigest(),
            summary.imageEncoding(),
            summary.classNames(),
            splits(totals, shards, summary.labelSpace()),
            ChannelStatistics.of(totals.train().sums()),
            summary.rejects(),
            count(duplicates),
            CanonicalJson.parse(configJson),
            summary.labelSets());
    try (NewFile file = NewFile.in(output, Manifest.FILE_NAME)) {
      manifest.write(file.path().getParent());
      file.publish();
    }
  }

  private static Map<String, Manifest.Split> splits(
      SetTotals totals, List<WrittenShard> shards, LabelSpace space) {
    Map<String, Manifest.Split> splits = new TreeMap<>();
    for (boolean test : new boolean[] {false, true}) {
      List<WrittenFile> files =
          shards.stream()
              .filter(shard -> shard.shard().test() == test)
              .map(WrittenShard::file)
              .toList();
      if (!files.isEmpty()) {
        SplitTotals split = totals.split(test);
        List<Long> counts = new ArrayList<>(split.classCounts());
        while (counts.size() < space.labels()) {
          counts.add(0L);
        }
        splits.put(
            Splits.name(test),
            new Manifest.Split(
                split.rows(),
                files.stream().mapToLong(WrittenFile::bytes).sum(),
                space.classCounts(counts),
                split.unlabelled(),
                files));
      }
    }
    return splits;
  }

  private static Manifest.Duplicates count(List<Duplicate> duplicates) {
    List<Duplicate> across = duplicates.stream().filter(Duplicate::acrossSplits).toList();
    List<Duplicate> within = duplicates.stream().filter(pair -> !pair.acrossSplits()).toList();
    long test = within.stream().filter(pair -> pair.dropped().split().equals(Splits.TEST)).count();
    return new Manifest.Duplicates(
        within.size() - test,
        test,
        across.size(),
        across.stream()
            .limit(NAMED_PAIRS)
            .map(pair -> new Manifest.Pair(pair.dropped().id(), pair.kept().id()))
            .toList());
  }

  private void writeDuplicates(List<Duplicate> duplicates) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Duplicate duplicate : duplicates) {
      lines
          .append(
              CanonicalJson.compact(
                  Map.of("dropped", duplicate.dropped(), "kept", duplicate.kept())))
          .append('\n');
    }
    try (NewFile file = NewFile.in(output, ShardPipeline.DUPLICATES_FILE_NAME)) {
      AtomicFile.write(file.path(), lines.toString().getBytes(StandardCharsets.UTF_8));
      file.publish();
    }
  }
}
