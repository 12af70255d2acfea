package simsiam.pipelines.preprocess;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.LabelSpace;
import simsiam.model.file.AtomicFile;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;
import simsiam.pipelines.remote.Places;

/** Writes {@code rejects.jsonl}, then {@code summary.json}, once all chunks are done. */
final class WriteSummary extends DoFn<KV<String, Iterable<ChunkOutcome>>, Void> {
  private final String output;
  private final SharedFolder shared;
  private final SharedRecords<Source> source;

  /** What the summary says of the source; there may be tens of thousands of classes. */
  record Source(String digest, ImageEncoding encoding, LabelSpace space) implements Serializable {}

  /**
   * @param source one record
   */
  WriteSummary(Path output, SharedFolder shared, SharedRecords<Source> source) {
    this.output = output.toString();
    this.shared = shared;
    this.source = source;
  }

  @Setup
  public void setup() {
    shared.require();
  }

  @ProcessElement
  public void process(@Element KV<String, Iterable<ChunkOutcome>> element) throws IOException {
    List<ChunkOutcome> outcomes = new ArrayList<>();
    element.getValue().forEach(outcomes::add);
    outcomes.sort(Comparator.comparingInt(ChunkOutcome::index));
    Map<String, Long> images = new TreeMap<>();
    Map<String, Long> rejects = new TreeMap<>();
    for (ChunkOutcome outcome : outcomes) {
      String split = outcome.part().split().name().toLowerCase(Locale.ROOT);
      images.merge(split, outcome.part().rows(), Long::sum);
      outcome.rejects().forEach((reason, count) -> rejects.merge(reason, count, Long::sum));
    }
    writeRejects(outcomes);
    Source read = source.read(0);
    PreparedSummary summary =
        new PreparedSummary(
            read.digest(),
            read.encoding(),
            read.space().classNames(),
            images,
            rejects,
            outcomes.stream().map(ChunkOutcome::part).toList(),
            read.space().sets());
    try (NewFile file = NewFile.in(output, PreparedSummary.FILE_NAME)) {
      summary.write(file.path().getParent());
      file.publish();
    }
  }

  /** Those of one chunk after the other, none of them in memory. */
  private void writeRejects(List<ChunkOutcome> outcomes) throws IOException {
    Path folder = Places.path(shared.folder());
    try (NewFile file = NewFile.in(output, PreparedSummary.REJECTS_FILE_NAME)) {
      AtomicFile.write(
          file.path(),
          out -> {
            for (ChunkOutcome outcome : outcomes) {
              if (!outcome.rejectsFile().isEmpty()) {
                try (InputStream lines =
                    Files.newInputStream(folder.resolve(outcome.rejectsFile()))) {
                  lines.transferTo(out);
                }
              }
            }
          });
      file.publish();
    }
  }
}
