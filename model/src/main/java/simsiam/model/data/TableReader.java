package simsiam.model.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import simsiam.model.config.Reason;

/**
 * Reads one Parquet file through the column API, a row group at a time; of the file's columns only
 * those of the format are read.
 */
final class TableReader<T> implements AutoCloseable {
  private final Path file;
  private final RowReader<T> format;
  private final ParquetFileReader reader;
  private final FileMetaData metadata;

  /**
   * Opens the file.
   *
   * @param format what the rows are, told by the footer, which it checks
   */
  TableReader(Path file, Function<ParquetFooter, RowReader<T>> format) {
    this.file = file;
    this.reader = open(file);
    this.metadata = reader.getFooter().getFileMetaData();
    try {
      this.format = format.apply(footer());
      requireColumns();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    reader.setRequestedSchema(this.format.schema());
  }

  ParquetFooter footer() {
    return new ParquetFooter(file, metadata.getKeyValueMetaData());
  }

  long rows() {
    return reader.getRecordCount();
  }

  int rowGroups() {
    return reader.getRowGroups().size();
  }

  long rows(int group) {
    return reader.getRowGroups().get(group).getRowCount();
  }

  /** Bytes of a column in a row group, before compression. */
  long columnBytes(int group, String column) {
    return reader.getRowGroups().get(group).getColumns().stream()
        .filter(chunk -> chunk.getPath().toDotString().equals(column))
        .mapToLong(ColumnChunkMetaData::getTotalUncompressedSize)
        .sum();
  }

  /** The rows of one row group, in order; its bytes are read at once. */
  Iterator<T> rowGroup(int index) {
    try {
      return new Rows(reader.readRowGroup(index));
    } catch (IOException | RuntimeException e) {
      throw damaged(file, e);
    }
  }

  /** All rows in order. */
  Iterator<T> rowIterator() {
    return new AllRows();
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close %s: %s".formatted(file, Reason.of(e)), e);
    }
  }

  /** Opens any Parquet file and reads its footer. */
  static ParquetFileReader open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(
          "Cannot read %s: expected a file, got none (%s)".formatted(file.getFileName(), file));
    }
    ParquetReadOptions options =
        new ParquetReadOptions.Builder(new PlainParquetConfiguration()).build();
    try {
      return ParquetFileReader.open(ChannelInputFile.of(file), options);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // A footer may name lists of 100 million entries, which are asked for before they are read.
      throw damaged(file, e);
    }
  }

  static IllegalStateException damaged(Path file, Throwable cause) {
    return new IllegalStateException(
        "Cannot read %s: expected a whole Parquet file, got one that fails with %s (%s)"
            .formatted(file.getFileName(), Reason.of(cause), file),
        cause);
  }

  private void requireColumns() {
    MessageType found = metadata.getSchema();
    for (ColumnDescriptor column : format.schema().getColumns()) {
      String[] path = column.getPath();
      if (!found.containsPath(path) || !alike(found.getColumnDescription(path), column)) {
        throw new IllegalStateException(
            "Cannot read %s: expected column %s, got %s (%s)"
                .formatted(
                    file.getFileName(),
                    wanted(column),
                    found.containsField(path[0]) ? found.getType(path[0]) : "none",
                    file));
      }
    }
  }

  private static boolean alike(ColumnDescriptor a, ColumnDescriptor b) {
    return a.getMaxDefinitionLevel() == b.getMaxDefinitionLevel()
        && a.getMaxRepetitionLevel() == b.getMaxRepetitionLevel()
        && a.getPrimitiveType().getPrimitiveTypeName()
            == b.getPrimitiveType().getPrimitiveTypeName();
  }

  /** The field of the row that the column is, or is in. */
  private Type wanted(ColumnDescriptor column) {
    return format.schema().getType(column.getPath()[0]);
  }

  private final class Rows implements Iterator<T> {
    private final ColumnReader[] columns;
    private long left;

    Rows(PageReadStore pages) {
      left = pages.getRowCount();
      ColumnReadStoreImpl store =
          new ColumnReadStoreImpl(
              pages, NoConverter.root(format.schema()), format.schema(), metadata.getCreatedBy());
      columns =
          format.schema().getColumns().stream()
              .map(store::getColumnReader)
              .toArray(ColumnReader[]::new);
    }

    @Override
    public boolean hasNext() {
      return left > 0;
    }

    @Override
    public T next() {
      if (left == 0) {
        throw new NoSuchElementException();
      }
      left--;
      try {
        T row = format.read(columns);
        for (ColumnReader column : columns) {
          column.consume();
        }
        return row;
      } catch (RuntimeException e) {
        throw damaged(file, e);
      }
    }
  }

  private final class AllRows implements Iterator<T> {
    private int next;
    private Iterator<T> group;

    @Override
    public boolean hasNext() {
      while ((group == null || !group.hasNext()) && next < rowGroups()) {
        group = rowGroup(next++);
      }
      return group != null && group.hasNext();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return group.next();
    }
  }
}
