package simsiam.model.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import simsiam.model.config.Reason;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.Sha256;

/** Reads the shards of one split in their order, each checked against the manifest first. */
public final class ShardedSplit {
  private ShardedSplit() {}

  /**
   * The examples of a split in order, one shard open at a time. Close the stream.
   *
   * @param folder that holds the manifest and its shards
   * @throws IllegalStateException as soon as it reaches a shard whose bytes are not those that were
   *     written; the message names it
   */
  public static Stream<ImageExample> read(Path folder, Manifest manifest, String split) {
    return manifest.split(split).shards().stream()
        .flatMap(
            shard -> {
              verify(folder, shard);
              return examples(new ShardReader(folder.resolve(shard.file())), shard);
            });
  }

  /** Compares size and SHA-256 of a shard with what the manifest says. */
  public static void verify(Path folder, WrittenFile shard) {
    Path file = folder.resolve(shard.file());
    if (!Files.isRegularFile(file)) {
      throw problem(file, "a file", "none");
    }
    long bytes = size(file);
    if (bytes != shard.bytes()) {
      throw problem(file, shard.bytes() + " bytes", String.valueOf(bytes));
    }
    String sha256 = Sha256.of(file);
    if (!sha256.equals(shard.sha256())) {
      throw problem(file, "SHA-256 " + shard.sha256(), sha256);
    }
  }

  private static Stream<ImageExample> examples(ShardReader reader, WrittenFile shard) {
    return StreamSupport.stream(
            Spliterators.spliterator(
                reader.iterator(), shard.rows(), Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(reader::close);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, Reason.of(e)), e);
    }
  }

  private static IllegalStateException problem(Path file, String expected, String got) {
    return new IllegalStateException(
        "Cannot read shard %s: expected %s, got %s (%s); make the shards again with --force=shard"
            .formatted(file.getFileName(), expected, got, file));
  }
}
