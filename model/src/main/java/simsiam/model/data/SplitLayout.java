package simsiam.model.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import simsiam.model.data.table.WrittenFile;

/**
 * Where the rows of a split lie, told from the footers of its shards.
 *
 * @param groups in reading order, which is that of the rows' indices
 */
public record SplitLayout(ImageEncoding encoding, List<RowGroup> groups) {
  public SplitLayout {
    groups = List.copyOf(groups);
  }

  /**
   * Reads the footers; sizes and checksums of the files are not looked at.
   *
   * @param folder that holds the manifest and its shards
   * @throws IllegalStateException if a shard cannot be read or has not the rows of the manifest
   */
  public static SplitLayout read(Path folder, Manifest manifest, String split) {
    List<WrittenFile> shards = manifest.split(split).shards();
    List<RowGroup> groups = new ArrayList<>();
    int first = 0;
    for (int shard = 0; shard < shards.size(); shard++) {
      WrittenFile written = shards.get(shard);
      Path file = folder.resolve(written.file());
      try (ShardReader reader = new ShardReader(file)) {
        requireRows(written, reader.rows(), file);
        for (int group = 0; group < reader.rowGroups(); group++) {
          int rows = reader.rows(group);
          groups.add(new RowGroup(file, shard, group, first, rows, reader.imageBytes(group)));
          first = Math.addExact(first, rows);
        }
      }
    }
    return new SplitLayout(manifest.imageEncoding(), groups);
  }

  private static void requireRows(WrittenFile written, long rows, Path file) {
    if (rows != written.rows()) {
      throw new IllegalStateException(
          "Cannot read shard %s: expected %s rows, got %s (%s)"
              .formatted(written.file(), written.rows(), rows, file));
    }
  }

  /** Rows in all. */
  public int rows() {
    return groups.isEmpty() ? 0 : groups.get(groups.size() - 1).end();
  }

  /** Bytes that all rows take in memory, about. */
  public long memory() {
    return groups.stream().mapToLong(RowGroup::memory).sum();
  }

  /** The place in {@link #groups} of the group that holds a row. */
  public int groupOf(int row) {
    int low = 0;
    int high = groups.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (row < groups.get(middle).end()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
