package simsiam.pipelines.preprocess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Reason;
import simsiam.model.config.Violation;
import simsiam.model.data.ImageEncoding;
import simsiam.model.file.AtomicFile;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.beam.ScratchFolder;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;
import simsiam.pipelines.beam.Tasks;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.SourceContents;

/**
 * Raw source to {@code examples-*.parquet}, {@code rejects.jsonl} and {@code summary.json}. The
 * source is cut into chunks and each chunk becomes one file, in source order: the same bytes on
 * every runner and at any parallelism.
 */
public final class PreprocessPipeline {
  private final ImageSource source;
  private final SourceContents contents;
  private final PreprocessSpec spec;

  /**
   * @param contents of the source: what is read must be this
   */
  public PreprocessPipeline(ImageSource source, SourceContents contents, PreprocessSpec spec) {
    this.source = source;
    this.contents = contents;
    this.spec = spec;
  }

  /**
   * Runs to the end.
   *
   * @param output existing folder, written to by this run alone
   * @param monitor told the number of images done
   * @throws InvalidConfigException if the source is not what it should be
   * @throws IllegalStateException if a worker finds another content; or if more images are rejected
   *     than allowed, where the files are there nevertheless, so that the reasons can be read
   */
  public PreparedSummary run(Path output, PipelineOptions options, BeamRun.Monitor monitor) {
    source.check();
    try (ScratchFolder scratch = ScratchFolder.in(output, ".scratch")) {
      BeamRun.toEnd(
          pipeline(output.toAbsolutePath(), scratch.path(), options), PrepareChunk.IMAGES, monitor);
      if (!Places.remote(output)) {
        AtomicFile.sweep(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write %s: %s".formatted(output, Reason.of(e)), e);
    }
    PreparedSummary summary = PreparedSummary.read(output);
    requireFewRejects(summary, output);
    return summary;
  }

  /** The pipeline, whose tasks are in files of the scratch folder: it is as small for all sets. */
  Pipeline pipeline(Path output, Path scratch, PipelineOptions options) throws IOException {
    SharedFolder shared = SharedFolder.mark(scratch);
    SharedRecords<ChunkTask> tasks =
        SharedRecords.write(
            shared, "chunks", ChunkTask.class, tasks(source.chunks(scratch, contents)));
    SharedRecords<WriteSummary.Source> described =
        SharedRecords.write(
            shared,
            "source",
            WriteSummary.Source.class,
            List.of(new WriteSummary.Source(contents.digest(), spec.encoding(), contents.space())));
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Chunks", Tasks.of(tasks))
        .apply("Prepare", ParDo.of(new PrepareChunk(output, shared, tasks, spec)))
        .setCoder(SerializableCoder.of(ChunkOutcome.class))
        .apply("Gather", WithKeys.of(""))
        .apply("Wait", GroupByKey.create())
        .apply("Summarise", ParDo.of(new WriteSummary(output, shared, described)));
    return pipeline;
  }

  /** Made one at a time, as they are written. */
  private Iterable<ChunkTask> tasks(Iterable<? extends SourceChunk> chunks) {
    return () -> {
      Iterator<? extends SourceChunk> left = chunks.iterator();
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return left.hasNext();
        }

        @Override
        public ChunkTask next() {
          ChunkTask task = new ChunkTask(next++, left.next());
          requireEncodable(task.chunk());
          return task;
        }
      };
    };
  }

  private void requireEncodable(SourceChunk chunk) {
    if (!chunk.encoded() && spec.encoding() == ImageEncoding.ORIGINAL) {
      throw new InvalidConfigException(
          List.of(
              new Violation(
                  "preprocess.encoding",
                  "original",
                  "raw, jpeg or png, as this source holds no image files")));
    }
  }

  private void requireFewRejects(PreparedSummary summary, Path output) {
    long rejected = summary.rejectCount();
    long all = rejected + summary.imageCount();
    if (summary.imageCount() == 0 || rejected > spec.maxRejectFraction() * all) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot use the images: expected at most %s %% rejected, got %d of %d (%.2f %%): %s (%s)",
              100 * spec.maxRejectFraction(),
              rejected,
              all,
              100.0 * rejected / all,
              reasons(summary),
              output.resolve(PreparedSummary.REJECTS_FILE_NAME)));
    }
  }

  private static String reasons(PreparedSummary summary) {
    return summary.rejects().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(3)
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
