package simsiam.pipelines.preprocess;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.PreparedFile;
import simsiam.model.data.WrittenFile;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.preprocess.ImagePreparation.Outcome;

/**
 * Reads, decodes and writes one chunk. No pixel leaves the worker: the file's name and bytes depend
 * on the chunk alone, so a repeated attempt replaces it by the same.
 */
final class PrepareChunk extends DoFn<ChunkTask, ChunkOutcome> {
  static final String IMAGES = "images";

  private final String output;
  private final int resizeShorterSide;
  private final int padTo;
  private final ImageEncoding encoding;
  private final Counter images = Metrics.counter(BeamRun.NAMESPACE, IMAGES);

  PrepareChunk(Path output, PreprocessSpec spec) {
    this.output = output.toString();
    this.resizeShorterSide = spec.resizeShorterSide();
    this.padTo = spec.padTo();
    this.encoding = spec.encoding();
  }

  @ProcessElement
  public void process(@Element ChunkTask task, OutputReceiver<ChunkOutcome> out)
      throws IOException {
    List<Reject> rejects = new ArrayList<>();
    Path file = Path.of(output, task.fileName());
    PreprocessSpec spec = new PreprocessSpec(resizeShorterSide, padTo, encoding, 1);
    try (ImagePreparation preparation = new ImagePreparation(spec);
        PreparedFile.Writer writer = new PreparedFile.Writer(file, encoding)) {
      task.chunk()
          .read(
              image -> {
                Outcome outcome = preparation.prepare(image, task.chunk().origin());
                if (outcome instanceof Outcome.Prepared prepared) {
                  writer.write(prepared.example());
                } else if (outcome instanceof Outcome.Rejected rejected) {
                  rejects.add(rejected.reject());
                }
                images.inc();
              });
      WrittenFile written = writer.commit();
      out.output(
          new ChunkOutcome(
              task.index(),
              new PreparedSummary.Part(
                  written.file(),
                  task.chunk().split(),
                  written.rows(),
                  written.bytes(),
                  written.sha256()),
              List.copyOf(rejects)));
    }
  }
}
