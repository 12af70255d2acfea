package simsiam.pipelines.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceSplit;

/** A raw data set on disk. Listing is cheap; images are read by workers, chunk by chunk. */
public interface ImageSource {
  /** Class names by label; empty where images have no labels. */
  List<String> classNames();

  /**
   * What it holds, as far as it can be told without unpacking or reading images. Fewer images may
   * come out of it where some are rejected, duplicates or held out by sharding.
   *
   * @throws InvalidConfigException as {@link #check}
   */
  SourceListing listing();

  /** Whether the source itself says what is for testing; else sharding splits by a hash. */
  default boolean hasTestSplit() {
    return listing().has(SourceSplit.TEST);
  }

  /**
   * Checks what can be known without reading images: files, sizes, headers, classes.
   *
   * @throws InvalidConfigException naming the file or folder that is wrong
   */
  void check();

  /**
   * All images, in the order of the source. The same chunks for the same files, whoever reads it;
   * those of a large set are made as they are asked for.
   *
   * @param scratch existing folder in which archives may be unpacked; it must stay until the chunks
   *     are read
   * @param contents of this source: reading anything else fails
   * @throws InvalidConfigException if an archive does not hold what it should
   * @throws IllegalStateException if files are not what they were
   */
  Iterable<SourceChunk> chunks(Path scratch, SourceContents contents);

  /** What would let more workers read it at a time, for the user; empty where nothing would. */
  default Optional<String> advice() {
    return Optional.empty();
  }

  /**
   * How many images the train split can have at most, as far as it can be told without unpacking or
   * reading images; fewer where some are rejected, duplicates or held out by sharding.
   */
  default OptionalLong mostTrainImages() {
    return listing().splits().get(0).images();
  }

  /**
   * Everything that {@link #chunks} depends on, as it is now.
   *
   * @param cache remembers the digests of files that have not changed
   * @throws java.io.UncheckedIOException if a file cannot be read
   */
  SourceContents contents(DigestCache cache);
}
