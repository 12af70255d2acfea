package simsiam.model.data;

import java.nio.file.Path;
import java.util.Iterator;
import simsiam.model.data.table.TableReader;

/** Reads one shard of example schema v2, whole or by row group, in the order it was written. */
public final class ShardReader implements AutoCloseable, Iterable<ImageExample> {
  private final TableReader<ImageExample> table;
  private final ShardFooter footer;

  /**
   * Opens the file and checks its footer.
   *
   * @throws IllegalStateException if the file is missing, damaged, or of another schema version
   */
  public ShardReader(Path file) {
    table = new TableReader<>(file, own -> new ShardColumns.Reader(ShardFooter.of(own).encoding()));
    footer = ShardFooter.of(table.footer());
  }

  /**
   * Pixels of each image of a shard, by the columns that say so; no image is read.
   *
   * @throws IllegalStateException if the file is missing, damaged, or of another schema version
   */
  public static int[] areas(Path file) {
    try (TableReader<Integer> table =
        new TableReader<>(
            file,
            own -> {
              ShardFooter.of(own); // which checks the version
              return new ShardColumns.AreaReader();
            })) {
      int[] areas = new int[Math.toIntExact(table.rows())];
      Iterator<Integer> rows = table.rowIterator();
      for (int row = 0; row < areas.length; row++) {
        areas[row] = rows.next();
      }
      return areas;
    }
  }

  public ShardFooter footer() {
    return footer;
  }

  public long rows() {
    return table.rows();
  }

  public int rowGroups() {
    return table.rowGroups();
  }

  /** Rows of one row group. */
  public int rows(int group) {
    return Math.toIntExact(table.rows(group));
  }

  /** Bytes of the images of one row group, before the compression of pages. */
  public long imageBytes(int group) {
    return table.columnBytes(group, ShardColumns.IMAGE_BYTES);
  }

  /** The examples of one row group; its bytes are read at once. */
  public Iterator<ImageExample> rowGroup(int index) {
    return table.rowGroup(index);
  }

  @Override
  public Iterator<ImageExample> iterator() {
    return table.rowIterator();
  }

  @Override
  public void close() {
    table.close();
  }
}
