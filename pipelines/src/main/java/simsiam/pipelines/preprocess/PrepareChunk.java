package simsiam.pipelines.preprocess;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.prepared.PreparedFile;
import simsiam.model.data.table.WrittenFile;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.preprocess.ImagePreparation.Outcome;
import simsiam.pipelines.source.SourceChunk;

/**
 * Reads, decodes and writes one chunk. No pixel leaves the worker: the file's name and bytes depend
 * on the chunk alone, so a repeated attempt replaces it by the same.
 */
final class PrepareChunk extends DoFn<Integer, ChunkOutcome> {
  static final String IMAGES = "images";

  private final String output;
  private final SharedFolder shared;
  private final SharedRecords<ChunkTask> tasks;
  private final int resizeShorterSide;
  private final int padTo;
  private final ImageEncoding encoding;
  private final Counter images = Metrics.counter(BeamRun.NAMESPACE, IMAGES);
  private transient Watchdog watchdog;

  PrepareChunk(
      Path output, SharedFolder shared, SharedRecords<ChunkTask> tasks, PreprocessSpec spec) {
    this.output = output.toString();
    this.shared = shared;
    this.tasks = tasks;
    this.resizeShorterSide = spec.resizeShorterSide();
    this.padTo = spec.padTo();
    this.encoding = spec.encoding();
  }

  @Setup
  public void setup() {
    shared.require();
    watchdog = new Watchdog();
  }

  @ProcessElement
  public void process(@Element Integer number, OutputReceiver<ChunkOutcome> out)
      throws IOException {
    ChunkTask task = tasks.read(number);
    // Counters belong to this thread.
    out.output(watchdog.watch(steps -> prepare(task, steps), images::inc));
  }

  private ChunkOutcome prepare(ChunkTask task, WatchedSteps steps) throws IOException {
    PreprocessSpec spec = new PreprocessSpec(resizeShorterSide, padTo, encoding, 1);
    ImagePreparation preparation = new ImagePreparation(spec, steps);
    try (NewFile file = NewFile.in(output, task.fileName(tasks.count()));
        PreparedFile.Writer writer = new PreparedFile.Writer(file.path(), encoding);
        ChunkRejects rejects = new ChunkRejects(shared.folder())) {
      read(
          task,
          image -> {
            Outcome outcome = preparation.prepare(image, task.chunk().origin());
            if (outcome instanceof Outcome.Prepared prepared) {
              writer.write(prepared.example());
            } else if (outcome instanceof Outcome.Rejected rejected) {
              rejects.add(rejected.reject());
            }
          });
      WrittenFile written = writer.commit();
      file.publish();
      return new ChunkOutcome(
          task.index(),
          new PreparedSummary.Part(
              written.file(),
              task.chunk().split(),
              written.rows(),
              written.bytes(),
              written.sha256()),
          rejects.byReason(),
          rejects.commit().orElse(""));
    }
  }

  private static void read(ChunkTask task, SourceChunk.Receiver receiver) throws IOException {
    try {
      task.chunk().read(receiver);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw SharedFolder.noData(SharedFolder.worker(), e.getMessage());
    } catch (AccessDeniedException e) {
      throw SharedFolder.noData(SharedFolder.worker(), "no access to " + e.getMessage());
    }
  }
}
