package simsiam.pipelines.preprocess;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.beam.SharedFolder;

/** Writes {@code rejects.jsonl}, then {@code summary.json}, once all chunks are done. */
final class WriteSummary extends DoFn<KV<String, Iterable<ChunkOutcome>>, Void> {
  private final String output;
  private final SharedFolder shared;
  private final String sourceDigest;
  private final ImageEncoding encoding;
  private final LabelSpace space;

  WriteSummary(
      Path output,
      SharedFolder shared,
      String sourceDigest,
      ImageEncoding encoding,
      LabelSpace space) {
    this.output = output.toString();
    this.shared = shared;
    this.sourceDigest = sourceDigest;
    this.encoding = encoding;
    this.space = space;
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
    StringBuilder lines = new StringBuilder();
    for (ChunkOutcome outcome : outcomes) {
      String split = outcome.part().split().name().toLowerCase(Locale.ROOT);
      images.merge(split, outcome.part().rows(), Long::sum);
      for (Reject reject : outcome.rejects()) {
        rejects.merge(reject.reason(), 1L, Long::sum);
        lines.append(CanonicalJson.compact(reject)).append('\n');
      }
    }
    try (NewFile file = NewFile.in(output, PreparedSummary.REJECTS_FILE_NAME)) {
      AtomicFile.write(file.path(), lines.toString().getBytes(StandardCharsets.UTF_8));
      file.publish();
    }
    PreparedSummary summary =
        new PreparedSummary(
            sourceDigest,
            encoding,
            space.classNames(),
            images,
            rejects,
            outcomes.stream().map(ChunkOutcome::part).toList(),
            space.sets());
    try (NewFile file = NewFile.in(output, PreparedSummary.FILE_NAME)) {
      summary.write(file.path().getParent());
      file.publish();
    }
  }
}
