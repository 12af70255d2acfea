package simsiam.pipelines.digest;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import simsiam.model.config.Reason;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;

/**
 * Reads and hashes, a task at a time. What was found goes to a file of the task's own, which a
 * repeated attempt replaces whole.
 */
final class HashPieces extends DoFn<Integer, Void> {
  static final String BYTES = "hashed_bytes";

  private final SharedFolder shared;
  private final SharedRecords<HashTask> tasks;
  private final Counter bytes = Metrics.counter(BeamRun.NAMESPACE, BYTES);

  HashPieces(SharedFolder shared, SharedRecords<HashTask> tasks) {
    this.shared = shared;
    this.tasks = tasks;
  }

  @Setup
  public void setup() {
    shared.require();
  }

  @ProcessElement
  public void process(@Element Integer number) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (HashTask.Entry entry : tasks.read(number).entries()) {
      outcomes.add(outcome(entry));
      bytes.inc(entry.piece().bytes());
    }
    OutcomeFile.write(shared, number, outcomes);
  }

  private static Outcome outcome(HashTask.Entry entry) throws IOException {
    try {
      return entry
          .file()
          .readUnchanged(entry.piece()::digests)
          .<Outcome>map(Outcome.Digests::new)
          .orElseGet(() -> new Outcome.Changed(SharedFolder.worker()));
    } catch (FileNotFoundException | NoSuchFileException e) {
      return new Outcome.Absent(SharedFolder.worker(), "none at " + entry.file().path());
    } catch (AccessDeniedException e) {
      return new Outcome.Absent(SharedFolder.worker(), "no access to " + entry.file().path());
    } catch (IOException e) {
      throw new IOException(
          "Cannot read %s on worker %s: %s"
              .formatted(entry.file().path(), SharedFolder.worker(), Reason.of(e)),
          e);
    }
  }
}
