package simsiam.pipelines.digest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.ParDo;
import simsiam.model.config.Reason;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.beam.ScratchFolder;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;
import simsiam.pipelines.beam.Tasks;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.Unread;

/**
 * The Beam pipeline that hashes what a look at a data set has found unread. The launching machine
 * reads none of it: it hands out names and gets digests, which it remembers by the rules for those
 * that it takes itself.
 */
public final class DigestPipeline {
  private final Unread unread;
  private final int mostChanged;

  /**
   * A pipeline for all that is unread.
   *
   * @param mostChanged files that may have become others since they were looked at: they are not
   *     remembered, and left to the launching machine
   */
  public DigestPipeline(Unread unread, int mostChanged) {
    this.unread = unread;
    this.mostChanged = mostChanged;
  }

  /**
   * Runs to the end.
   *
   * @param scratch existing folder that the workers see too, of this run alone
   * @param monitor told the number of bytes read
   * @param learning has noted what is unread, and learns what was found
   * @throws IllegalStateException if a worker fails; if it does not find a file that this machine
   *     finds, or more files than may change are others for the workers
   */
  public void run(
      ScratchFolder scratch, PipelineOptions options, BeamRun.Monitor monitor, DigestCache learning)
      throws IOException {
    SharedFolder shared = SharedFolder.mark(scratch.path());
    SharedRecords<HashTask> tasks = tasks(shared);
    BeamRun.toEnd(pipeline(shared, tasks, options), HashPieces.BYTES, monitor);
    Places.refresh(scratch.path());
    learning.learn(unread, new Found(scratch.path(), tasks.count()));
  }

  SharedRecords<HashTask> tasks(SharedFolder shared) throws IOException {
    return SharedRecords.write(shared, "tasks", HashTask.class, HashTask.of(unread));
  }

  /** The pipeline, whose tasks are in a file of the shared folder: it is as small for all sets. */
  static Pipeline pipeline(
      SharedFolder shared, SharedRecords<HashTask> tasks, PipelineOptions options) {
    Pipeline pipeline = Pipeline.create(options);
    pipeline.apply("Tasks", Tasks.of(tasks)).apply("Hash", ParDo.of(new HashPieces(shared, tasks)));
    return pipeline;
  }

  /** What was found in all pieces in their order, read a task at a time. */
  private final class Found implements Iterator<Optional<List<String>>> {
    private final Path folder;
    private final int tasks;
    private final Iterator<Unread.Item> items = unread.items().iterator();
    private Iterator<Outcome> outcomes = List.<Outcome>of().iterator();
    private int next;
    private int changed;

    Found(Path folder, int tasks) {
      this.folder = folder;
      this.tasks = tasks;
    }

    @Override
    public boolean hasNext() {
      return items.hasNext();
    }

    @Override
    public Optional<List<String>> next() {
      Unread.Item item = items.next();
      while (!outcomes.hasNext()) {
        outcomes = read().iterator();
      }
      Outcome outcome = outcomes.next();
      if (outcome instanceof Outcome.Digests found) {
        return Optional.of(found.digests());
      }
      if (outcome instanceof Outcome.Absent absent) {
        requireGone(item, absent);
      } else if (outcome instanceof Outcome.Changed other) {
        requireFewChanged(item, other);
      }
      return Optional.empty();
    }

    private List<Outcome> read() {
      if (next == tasks) {
        throw new IllegalStateException(
            "Cannot read what workers found: expected outcomes of all pieces, got fewer (%s)"
                .formatted(folder));
      }
      try {
        return OutcomeFile.read(folder, next++);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "Cannot read what workers found: %s".formatted(Reason.of(e)), e);
      }
    }

    /** A file that is gone for all is told by the look that follows. */
    private void requireGone(Unread.Item item, Outcome.Absent absent) {
      if (Files.isReadable(Places.path(item.path()))) {
        throw SharedFolder.noData(absent.worker(), absent.found());
      }
    }

    private void requireFewChanged(Unread.Item item, Outcome.Changed other) {
      if (++changed > mostChanged) {
        throw new IllegalStateException(
            ("Cannot hash the data set: expected its files as the launching machine sees them, got"
                    + " more than %s of other sizes or times, as %s on worker %s")
                .formatted(mostChanged, item.path(), other.worker()));
      }
    }
  }
}
