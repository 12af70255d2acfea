package simsiam.model.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.Manifest;
import simsiam.model.data.ShardedSplit;
import simsiam.model.data.SplitLayout;

/**
 * Opens the images of a sharded split in the way that their size asks for: held in memory, decoded
 * images included; held in memory as stored; or left in their shards. The order of an epoch is the
 * same in all three.
 */
public final class ImageSets {
  private static final Logger log = LoggerFactory.getLogger(ImageSets.class);

  private ImageSets() {}

  /** A third of the heap: leaves room for another split and for batches. */
  public static long defaultBudget() {
    return Runtime.getRuntime().maxMemory() / 3;
  }

  /**
   * Checks every shard against the manifest and opens the split.
   *
   * @param folder that holds the manifest and its shards
   * @param budget bytes of heap that images may take between epochs
   * @throws IllegalStateException if a shard is not as it was written, or if the heap cannot hold a
   *     window of the shuffle
   */
  public static ImageSet open(Path folder, Manifest manifest, String split, long budget) {
    return open(folder, manifest, split, budget, RowShuffle.WINDOW_BYTES);
  }

  /** A split left in its shards, to look at some of its images; checksums are not compared. */
  public static ImageSet unverified(Path folder, Manifest manifest, String split) {
    SplitLayout layout = SplitLayout.read(folder, manifest, split);
    return new ShardedImages(layout, new RowShuffle(layout.groups(), RowShuffle.WINDOW_BYTES));
  }

  static ImageSet open(
      Path folder, Manifest manifest, String split, long budget, long windowBytes) {
    SplitLayout layout = SplitLayout.read(folder, manifest, split);
    RowShuffle shuffle = new RowShuffle(layout.groups(), windowBytes);
    long bytes = layout.memory();
    if (bytes <= budget) {
      InMemoryImages images = inMemory(folder, manifest, split, budget - bytes, shuffle);
      boolean pixels = images.keepsDecoded() || manifest.imageEncoding() == ImageEncoding.RAW;
      tell(
          split,
          layout,
          pixels ? "kept in memory as pixels" : "kept in memory, decoded each time",
          budget);
      return images;
    }
    requireHeap(split, shuffle);
    manifest.split(split).shards().forEach(shard -> ShardedSplit.verify(folder, shard));
    tell(
        split,
        layout,
        String.format(
            Locale.ROOT,
            "read from the shards in each epoch, %.0f MB of them at a time",
            shuffle.memory() / 1e6),
        budget);
    return new ShardedImages(layout, shuffle);
  }

  private static InMemoryImages inMemory(
      Path folder, Manifest manifest, String split, long decodedBudget, RowShuffle shuffle) {
    try (Stream<ImageExample> examples = ShardedSplit.read(folder, manifest, split)) {
      List<ImageExample> rows = new ArrayList<>();
      examples.forEach(rows::add);
      return new InMemoryImages(rows, manifest.imageEncoding(), decodedBudget, shuffle);
    }
  }

  private static void requireHeap(String split, RowShuffle shuffle) {
    long heap = Runtime.getRuntime().maxMemory();
    long most = heap / 4 * 3;
    if (shuffle.memory() > most) {
      throw new IllegalStateException(
          "Cannot load %s: expected a heap of at least %s MB for its shuffle, got %s MB (set -Xmx)"
              .formatted(split, (shuffle.memory() / 3 * 4) >> 20, heap >> 20));
    }
  }

  private static void tell(String split, SplitLayout layout, String how, long budget) {
    log.info(
        "{}: {} images, {} MB as stored, {} (budget {} MB)",
        split,
        layout.rows(),
        layout.memory() / 1_000_000,
        how,
        budget / 1_000_000);
  }
}
