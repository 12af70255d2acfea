package simsiam.model.data;

import java.nio.file.Path;

/**
 * A row group of a split: what is read at once.
 *
 * @param file of the shard
 * @param shard index of the shard in its split
 * @param group index of the row group in its shard
 * @param first index in the split of its first row
 * @param rows in it
 * @param bytes of its images as stored, before the compression of pages
 */
public record RowGroup(Path file, int shard, int group, int first, int rows, long bytes) {
  /** What a row takes in memory beside its image: objects, array headers, the id. */
  public static final int ROW_OVERHEAD = 200;

  /** Bytes that its rows take in memory, about. */
  public long memory() {
    return bytes + (long) ROW_OVERHEAD * rows;
  }

  /** The index in the split after the last row. */
  public int end() {
    return first + rows;
  }
}
