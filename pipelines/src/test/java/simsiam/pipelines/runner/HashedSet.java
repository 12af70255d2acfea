package simsiam.pipelines.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.beam.sdk.options.PipelineOptions;
import simsiam.pipelines.beam.ScratchFolder;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.digest.DigestPipeline;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.Unread;
import simsiam.pipelines.source.sets.ImageSources;

/** Class folders of large files, which are links to one, that take a worker a while to hash. */
final class HashedSet {
  private static final int BYTES = 8 << 20;
  private static final String SCRATCH = "hashing";

  private final Path images;

  HashedSet(Path images, int files) throws IOException {
    this.images = images;
    byte[] content = new byte[BYTES];
    new Random(1).nextBytes(content);
    Path first = Fixtures.write(images.resolve("cat/0.jpg"), content);
    Files.createDirectories(images.resolve("dog"));
    for (int i = 1; i < files; i++) {
      Files.createLink(images.resolve((i % 2 == 0 ? "cat/" : "dog/") + i + ".jpg"), first);
    }
  }

  private ImageSource source() {
    return ImageSources.open(
        DatasetSpec.of(SourceKind.IMAGE_FOLDER, images.toString(), false, 0), images);
  }

  private static DigestCache noting(Path work, Unread unread) {
    // As if all had been left alone for a while.
    return DigestCache.noting(digests(work), () -> System.currentTimeMillis() + 10_000, unread);
  }

  private static Path digests(Path work) {
    return work.resolve("digests");
  }

  /** What is not known yet. */
  Unread unread(Path work) {
    Unread unread = new Unread();
    source().contents(noting(work, unread));
    unread.end();
    return unread;
  }

  /** What was found by others. */
  SourceContents known(Path work) {
    return source().contents(noting(work, new Unread()));
  }

  /** What this machine finds. */
  SourceContents here() {
    return source().contents(DigestCache.open(images.resolve(".none")));
  }

  void hash(Path work, PipelineOptions options) {
    Unread unread = unread(work);
    DigestCache learning = noting(work, new Unread());
    try (ScratchFolder scratch = ScratchFolder.in(work, SCRATCH)) {
      new DigestPipeline(unread, 0).run(scratch, options, bytes -> {}, learning);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    learning.save();
  }

  /** Whether a worker has ended a task. */
  static boolean begun(Path work) {
    return Files.exists(work.resolve(SCRATCH).resolve("found-0"))
        || Files.exists(work.resolve(SCRATCH).resolve("found-1"));
  }
}
