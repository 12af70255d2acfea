package simsiam.pipelines.source.tables;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import simsiam.model.data.ImageExample;
import simsiam.model.data.table.ForeignTable;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.tables.ParquetFiles.SplitFile;

/**
 * Rows of a Parquet file of images: of a row group and, where they are many, of those after it.
 *
 * @param name of the file in ids: row 17 is {@code name#17}
 * @param group the first
 * @param firstRow of the group in the file
 * @param size rows of the chunk
 * @param labelColumn empty where there is none
 */
record ParquetChunk(
    SourceSplit split,
    HeldFile file,
    String name,
    int group,
    long firstRow,
    int size,
    String bytesColumn,
    String labelColumn,
    int classes)
    implements SourceChunk {
  static ParquetChunk of(
      SplitFile file, HeldFile held, int group, long firstRow, int size, HubFeatures features) {
    return new ParquetChunk(
        file.split(),
        held,
        file.file().name(),
        group,
        firstRow,
        size,
        features.bytes(),
        features.label(),
        features.classNames().size());
  }

  @Override
  public String origin() {
    return name;
  }

  @Override
  public boolean encoded() {
    return true;
  }

  @Override
  public void read(Receiver receiver) throws IOException {
    file.read(path -> read(path, receiver));
  }

  private int read(Path path, Receiver receiver) throws IOException {
    List<String> columns =
        labelColumn.isEmpty() ? List.of(bytesColumn) : List.of(bytesColumn, labelColumn);
    try (ForeignTable table = ForeignTable.open(path)) {
      int done = 0;
      for (int next = group; done < size && next < table.rowGroups(); next++) {
        ForeignTable.Cursor cursor = table.rowGroup(next, columns);
        for (; done < size && cursor.next(); done++) {
          receiver.accept(image(cursor, name + "#" + (firstRow + done)));
        }
      }
      return size;
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private SourceImage image(ForeignTable.Cursor cursor, String id) {
    long label =
        labelColumn.isEmpty() || cursor.isNull(1) ? ImageExample.UNKNOWN_LABEL : cursor.integer(1);
    if (label < ImageExample.UNKNOWN_LABEL || label >= classes) {
      return new SourceImage.Unreadable(
          id,
          ImageExample.UNKNOWN_LABEL,
          "bad_label",
          "Cannot read row: expected a class from 0 to %s or -1, got %s (%s)"
              .formatted(classes - 1, label, id));
    }
    if (cursor.isNull(0)) {
      return SourceImage.Unreadable.of(
          id, (int) label, "expected the image's bytes, got none (a path alone)");
    }
    return new SourceImage.Encoded(id, (int) label, cursor.bytes(0));
  }
}
