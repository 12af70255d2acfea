package simsiam.pipelines.stages.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.beam.ScratchFolder;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.digest.DigestPipeline;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.Unread;
import simsiam.pipelines.source.sets.DatasetDownload;
import simsiam.pipelines.source.sets.ImageSources;
import simsiam.pipelines.stage.PipelineContext;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Runner;

/**
 * Looks at a data set: what it holds now. Files that the workspace's cache of digests knows are not
 * read. Others are read by this machine, or, where images are read by another runner and there is
 * more than a little to read, by its workers.
 *
 * @param datasets folder of downloaded data sets
 * @param context of the stage that looks
 * @param reader what runs the pipeline that reads the images: {@link Runner#DIRECT}, or the
 *     context's
 */
public record SourceLook(
    DatasetSpec dataset, Path datasets, PipelineContext context, Runner reader) {
  private static final String DIGESTS = "source-digests";
  private static final String SCRATCH = "." + DIGESTS;

  /** Pieces that this machine reads sooner than a job would have begun. */
  static final int FEW = 300;

  static final long FEW_BYTES = 300_000_000;

  private static final long MEGABYTE = 1_000_000;

  private static SourceContents here(ImageSource source, Path cache) {
    DigestCache digests = DigestCache.open(cache.resolve(DIGESTS));
    SourceContents contents = source.contents(digests);
    digests.save();
    return contents;
  }

  /** The data set, to be listed anew. */
  public ImageSource open() {
    return ImageSources.open(dataset, datasets);
  }

  Path place() {
    return DatasetDownload.place(dataset, datasets);
  }

  /**
   * What it holds now.
   *
   * @param source that may have been listed already
   * @throws IllegalStateException if workers cannot read it
   */
  public SourceContents contents(ImageSource source) throws IOException {
    if (reader == Runner.DIRECT) {
      return here(source, context.cache());
    }
    Noted noted = note(source);
    if (noted.unread().isEmpty()) {
      return noted.contents();
    }
    if (few(noted.unread())) {
      return here(source, context.cache());
    }
    AtomicBoolean waited = new AtomicBoolean();
    try (ProcessLock lock =
        ProcessLock.acquire(
            context.cache().resolve(DIGESTS + ".lock"),
            holder -> {
              waited.set(true);
              context.note("waiting for %s, which reads a data set".formatted(holder));
            })) {
      if (lock.isHeld()) {
        Noted now = waited.get() ? note(open()) : noted; // it may have been the same one
        if (!few(now.unread())) {
          byWorkers(now);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while reading the data set", e);
    }
    Places.refresh(place());
    return here(open(), context.cache());
  }

  private static boolean few(Unread unread) {
    return unread.count() <= FEW && unread.bytes() <= FEW_BYTES;
  }

  /**
   * A look that reads no image.
   *
   * @param cache has noted what it does not know
   * @param contents true where it knows all
   */
  private record Noted(DigestCache cache, Unread unread, SourceContents contents) {}

  private Noted note(ImageSource source) throws IOException {
    Unread unread = new Unread();
    DigestCache cache = DigestCache.noting(context.cache().resolve(DIGESTS), unread);
    SourceContents contents = source.contents(cache);
    unread.end();
    return new Noted(cache, unread, contents);
  }

  private void byWorkers(Noted noted) throws IOException {
    Unread unread = noted.unread();
    context.note(
        String.format(
            Locale.ROOT,
            "%,d files or parts of files are new or changed (%,d MB): %s reads them for the"
                + " checksum of the data set",
            unread.count(),
            unread.bytes() / MEGABYTE,
            reader));
    Path shared = context.shared();
    // In a store no lock keeps other machines away.
    String name = Places.remote(shared) ? SCRATCH + "-" + UUID.randomUUID() : SCRATCH;
    try (ScratchFolder scratch = ScratchFolder.in(shared, name);
        Progress progress = context.progress("MB", unread.bytes() / MEGABYTE)) {
      new DigestPipeline(unread, FEW)
          .run(
              scratch,
              BeamOptions.parse(context.runner()),
              new PipelineProgress(context, progress, MEGABYTE),
              noted.cache());
    }
    noted.cache().save();
  }
}
