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
import simsiam.pipelines.shard.sort.DuplicateFile;

/**
 * Writes {@code duplicates.jsonl}, then {@code manifest.json}.
 *
 * @param output folder of the shards
 * @param configJson config slice, as JSON
 * @param fanIn files of duplicates that may be open at a time
 */
record ManifestWriter(
    String output, String summaryJson, String fingerprint, String configJson, int fanIn)
    implements Serializable {
  /** Pairs that the manifest itself names. */
  private static final int NAMED_PAIRS = 100;

  /**
   * Writes both.
   *
   * @param runs folder of the files of duplicates
   */
  void write(
      SetTotals totals,
      String runs,
      Iterable<DuplicateFile> duplicates,
      Iterable<WrittenShard> written)
      throws IOException {
    PreparedSummary summary = CanonicalJson.parse(summaryJson, PreparedSummary.class);
    List<WrittenShard> shards = new ArrayList<>();
    written.forEach(shards::add);
    shards.sort(Comparator.comparing(WrittenShard::shard));
    DuplicateCount count = new DuplicateCount();
    writeDuplicates(runs, duplicates, count);
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
            count.result(),
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

  private void writeDuplicates(
      String runs, Iterable<DuplicateFile> duplicates, DuplicateCount count) throws IOException {
    List<DuplicateFile> files = new ArrayList<>();
    duplicates.forEach(files::add);
    try (NewFile file = NewFile.in(output, ShardPipeline.DUPLICATES_FILE_NAME)) {
      AtomicFile.write(
          file.path(),
          out ->
              DuplicateFile.merge(
                  runs,
                  files,
                  fanIn,
                  duplicate -> {
                    count.add(duplicate);
                    out.write(CanonicalJson.compact(duplicate).getBytes(StandardCharsets.UTF_8));
                    out.write('\n');
                  }));
      file.publish();
    }
  }

  /** What the manifest says of the duplicates, which come in order. */
  private static final class DuplicateCount {
    private final List<Manifest.Pair> named = new ArrayList<>();
    private long train;
    private long test;
    private long across;

    void add(Duplicate duplicate) {
      if (duplicate.acrossSplits()) {
        across++;
        if (named.size() < NAMED_PAIRS) {
          named.add(new Manifest.Pair(duplicate.dropped().id(), duplicate.kept().id()));
        }
      } else if (duplicate.dropped().split().equals(Splits.TEST)) {
        test++;
      } else {
        train++;
      }
    }

    Manifest.Duplicates result() {
      return new Manifest.Duplicates(train, test, across, named);
    }
  }
}
