package simsiam.pipelines.shard;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTagList;
import simsiam.model.config.Reason;
import simsiam.model.data.Manifest;
import simsiam.model.data.table.PageCodec;
import simsiam.model.file.AtomicFile;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.beam.ScratchFolder;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;
import simsiam.pipelines.beam.Tasks;
import simsiam.pipelines.config.ShardSpec;
import simsiam.pipelines.preprocess.PreparedSummary;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.shard.keys.FindDuplicates;
import simsiam.pipelines.shard.keys.ReadKeys;
import simsiam.pipelines.shard.keys.RunInput;
import simsiam.pipelines.shard.keys.RunInputCoder;
import simsiam.pipelines.shard.keys.RunKeys;
import simsiam.pipelines.shard.keys.RunLimits;
import simsiam.pipelines.shard.keys.RunTask;
import simsiam.pipelines.shard.keys.SetTotals;
import simsiam.pipelines.shard.keys.Splits;
import simsiam.pipelines.shard.sort.DuplicateFile;
import simsiam.pipelines.shard.sort.MergeShard;
import simsiam.pipelines.shard.sort.Merging;
import simsiam.pipelines.shard.sort.SortRun;
import simsiam.pipelines.shard.sort.SortRuns;

/**
 * Examples to shards: leaves out exact duplicates, splits, orders by a salted hash of the id, and
 * writes {@code <split>-00000-of-00016.parquet} and, last, {@code manifest.json}. The same bytes on
 * every runner and at any parallelism.
 *
 * <p>Pixels never pass through Beam's shuffle. Keys alone are grouped, to find duplicates and
 * totals; then runs of examples are sorted to temporary files, each with an index of its shards,
 * and each shard merges its ranges of them, by way of larger runs where there are many.
 */
public final class ShardPipeline {
  /** The examples left out, one a line. */
  public static final String DUPLICATES_FILE_NAME = "duplicates.jsonl";

  private static final KvCoder<Integer, RunInput> INPUT_OF_RUN =
      KvCoder.of(VarIntCoder.of(), new RunInputCoder());

  private final ShardSpec spec;
  private final String fingerprint;
  private final JsonNode config;
  private final RunLimits limits;

  /**
   * @param fingerprint of the stage, written to footers and manifest
   * @param config the slice of the configuration that shapes the set, for the manifest
   */
  public ShardPipeline(ShardSpec spec, String fingerprint, JsonNode config) {
    this(spec, fingerprint, config, RunLimits.STANDARD);
  }

  ShardPipeline(ShardSpec spec, String fingerprint, JsonNode config, RunLimits limits) {
    this.spec = spec;
    this.fingerprint = fingerprint;
    this.config = config;
    this.limits = limits;
  }

  /**
   * Runs to the end.
   *
   * @param input folder that the preprocess pipeline wrote
   * @param output existing folder, written to by this run alone
   * @param monitor told the number of images written
   * @throws IllegalStateException if the examples cannot be read or the shards not be written, or
   *     if more images than allowed are there under two classes; the files are there then
   */
  public Manifest run(Path input, Path output, PipelineOptions options, BeamRun.Monitor monitor) {
    PreparedSummary summary = PreparedSummary.read(input);
    try (ScratchFolder runs = ScratchFolder.in(output, ".runs")) {
      SharedFolder shared = SharedFolder.mark(runs.path());
      BeamRun.toEnd(
          pipeline(input.toAbsolutePath(), runs.path(), shared, summary, options),
          WriteShards.IMAGES,
          monitor);
      if (!Places.remote(output)) {
        AtomicFile.sweep(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write %s: %s".formatted(output, Reason.of(e)), e);
    }
    Manifest manifest = Manifest.read(output);
    if (!manifest.splits().containsKey(Splits.TRAIN)) {
      throw new IllegalStateException(
          "Cannot shard: expected images to train on, got none of %s (%s)"
              .formatted(summary.imageCount(), input));
    }
    requireFewConflicts(output, manifest);
    return manifest;
  }

  private void requireFewConflicts(Path output, Manifest manifest) {
    LabelConflicts conflicts;
    try {
      conflicts = LabelConflicts.of(output, manifest);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(output, e), e);
    }
    if (conflicts.fraction() > spec.maxLabelConflictFraction()) {
      throw new IllegalStateException(
          "Cannot use the labels: expected at most %s %% of the images under two classes (shard.max_label_conflict_fraction), got %s (%s)"
              .formatted(
                  100 * spec.maxLabelConflictFraction(),
                  conflicts,
                  output.resolve(DUPLICATES_FILE_NAME)));
    }
  }

  /** The pipeline, whose tasks are in files of the scratch folder: it is as small for all sets. */
  Pipeline pipeline(
      Path input,
      Path folder,
      SharedFolder shared,
      PreparedSummary summary,
      PipelineOptions options)
      throws IOException {
    Path output = folder.getParent();
    Pipeline pipeline = Pipeline.create(options);
    RunKeys keys = new RunKeys(input.toString(), spec.salt(), spec.validationFraction());
    SharedRecords<RunTask> tasks =
        SharedRecords.write(shared, "tasks", RunTask.class, RunTask.group(summary.parts(), limits));
    PCollection<RunTask> runs = pipeline.apply("Runs", Tasks.reading(tasks));
    PCollectionTuple found = duplicates(runs, new ReadKeys(keys, shared, summary.imageCount()));
    PCollectionView<SetTotals> totals =
        found
            .get(FindDuplicates.TOTALS)
            .apply("SumTotals", Combine.globally(SetTotals::sum))
            .apply("Totals", View.asSingleton());
    PCollectionTuple sorted =
        sorted(
            runs,
            found.get(FindDuplicates.LOST),
            new SortRuns(new SortRun(keys, folder), shared, spec.shards(), limits.fanIn(), totals),
            totals);
    SharedRecords<MergeShard> merge =
        SharedRecords.write(shared, "merge", MergeShard.class, List.of(merge(output, summary)));
    sorted
        .get(SortRuns.RUNS)
        .apply("Merge", new Merging(shared, tasks.count(), limits.fanIn()))
        .apply("WriteShards", ParDo.of(new WriteShards(shared, merge)))
        .setCoder(SerializableCoder.of(WrittenShard.class))
        .apply("Gather", WithKeys.of(""))
        .apply("Wait", GroupByKey.create())
        .apply(
            "WriteManifest",
            manifest(output, shared, summary, totals, sorted.get(SortRuns.DUPLICATES)));
    return pipeline;
  }

  private static PCollectionTuple duplicates(PCollection<RunTask> runs, ReadKeys read) {
    PCollectionTuple found =
        runs.apply("ReadKeys", ParDo.of(read))
            .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()))
            .apply("KeysOfBucket", GroupByKey.create())
            .apply(
                "FindDuplicates",
                ParDo.of(new FindDuplicates())
                    .withOutputTags(FindDuplicates.LOST, TupleTagList.of(FindDuplicates.TOTALS)));
    found.get(FindDuplicates.LOST).setCoder(INPUT_OF_RUN);
    found.get(FindDuplicates.TOTALS).setCoder(SerializableCoder.of(SetTotals.class));
    return found;
  }

  /** Each run is told by key of its own what others keep for it; nobody is told all. */
  private static PCollectionTuple sorted(
      PCollection<RunTask> runs,
      PCollection<KV<Integer, RunInput>> lost,
      SortRuns sort,
      PCollectionView<SetTotals> totals) {
    PCollection<KV<Integer, RunInput>> files =
        runs.apply(
                "FilesOfRun",
                MapElements.into(INPUT_OF_RUN.getEncodedTypeDescriptor())
                    .via(run -> KV.of(run.index(), run)))
            .setCoder(INPUT_OF_RUN);
    PCollectionTuple sorted =
        PCollectionList.of(files)
            .and(lost)
            .apply("InputOfRun", Flatten.pCollections())
            .apply("JoinRuns", GroupByKey.create())
            .apply(
                "SortRuns",
                ParDo.of(sort)
                    .withSideInputs(totals)
                    .withOutputTags(SortRuns.RUNS, TupleTagList.of(SortRuns.DUPLICATES)));
    sorted.get(SortRuns.RUNS).setCoder(Merging.coder());
    sorted.get(SortRuns.DUPLICATES).setCoder(SerializableCoder.of(DuplicateFile.class));
    return sorted;
  }

  private PageCodec codec() {
    return PageCodec.valueOf(spec.compression().name());
  }

  private MergeShard merge(Path output, PreparedSummary summary) {
    return new MergeShard(
        output.toString(),
        summary.imageEncoding(),
        summary.labelSpace(),
        spec.salt(),
        fingerprint,
        (long) spec.rowGroupMb() << 20,
        codec(),
        codec().compressor());
  }

  private ParDo.SingleOutput<KV<String, Iterable<WrittenShard>>, Void> manifest(
      Path output,
      SharedFolder shared,
      PreparedSummary summary,
      PCollectionView<SetTotals> totals,
      PCollection<DuplicateFile> duplicates)
      throws IOException {
    PCollectionView<Iterable<DuplicateFile>> all =
        duplicates.apply("Duplicates", View.asIterable());
    ManifestWriter writer =
        new ManifestWriter(
            output.toString(),
            CanonicalJson.compact(summary),
            fingerprint,
            CanonicalJson.compact(config),
            limits.fanIn());
    SharedRecords<ManifestWriter> described =
        SharedRecords.write(shared, "manifest", ManifestWriter.class, List.of(writer));
    return ParDo.of(new WriteManifest(shared, described, totals, all))
        .withSideInputs(List.of(totals, all));
  }
}
