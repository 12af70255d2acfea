package simsiam.model.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import simsiam.model.config.Reason;

/**
 * A Parquet file that others wrote, whatever its columns: those that do not repeat can be read by
 * name, fields of a group as {@code group.field}; values may be missing. Errors are {@link
 * IllegalStateException}s that name the file.
 */
public final class ForeignTable implements AutoCloseable {
  private final Path file;
  private final ParquetFileReader reader;
  private final FileMetaData metadata;

  private ForeignTable(Path file, ParquetFileReader reader) {
    this.file = file;
    this.reader = reader;
    this.metadata = reader.getFooter().getFileMetaData();
  }

  /** Opens the file and reads its footer. */
  public static ForeignTable open(Path file) {
    return new ForeignTable(file, TableReader.open(file));
  }

  /** Key/value pairs of the footer. */
  public Map<String, String> footer() {
    return metadata.getKeyValueMetaData();
  }

  /** Names of the columns that can be read. */
  public List<String> columns() {
    return metadata.getSchema().getColumns().stream()
        .filter(column -> column.getMaxRepetitionLevel() == 0)
        .map(column -> String.join(".", column.getPath()))
        .toList();
  }

  public int rowGroups() {
    return reader.getRowGroups().size();
  }

  public long rowGroupRows(int index) {
    return reader.getRowGroups().get(index).getRowCount();
  }

  /** The rows of one row group, before the first; the bytes of the columns are read at once. */
  public Cursor rowGroup(int index, List<String> columns) {
    MessageType wanted = projection(columns);
    try {
      reader.setRequestedSchema(wanted);
      PageReadStore pages = reader.readRowGroup(index);
      ColumnReadStoreImpl store =
          new ColumnReadStoreImpl(pages, NoConverter.root(wanted), wanted, metadata.getCreatedBy());
      List<ColumnReader> readers = new ArrayList<>();
      List<PrimitiveTypeName> types = new ArrayList<>();
      for (String column : columns) {
        ColumnDescriptor descriptor = wanted.getColumnDescription(column.split("\\.", -1));
        readers.add(store.getColumnReader(descriptor));
        types.add(descriptor.getPrimitiveType().getPrimitiveTypeName());
      }
      return new Cursor(pages.getRowCount(), columns, readers, types);
    } catch (IOException | RuntimeException e) {
      throw TableReader.damaged(file, e);
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close %s: %s".formatted(file, Reason.of(e)), e);
    }
  }

  private MessageType projection(List<String> columns) {
    List<Type> fields = new ArrayList<>();
    for (String column : columns) {
      if (!columns().contains(column)) {
        throw new IllegalStateException(
            "Cannot read %s: expected column %s, got %s (%s)"
                .formatted(file.getFileName(), column, columns(), file));
      }
      fields.add(only(metadata.getSchema(), List.of(column.split("\\.", -1))));
    }
    return new MessageType(metadata.getSchema().getName(), fields);
  }

  private static Type only(GroupType group, List<String> path) {
    Type field = group.getType(path.get(0));
    return path.size() == 1
        ? field
        : field
            .asGroupType()
            .withNewFields(only(field.asGroupType(), path.subList(1, path.size())));
  }

  /** Goes through rows; values are those of the current one. */
  public final class Cursor {
    private final List<String> columns;
    private final List<ColumnReader> readers;
    private final List<PrimitiveTypeName> types;
    private long left;
    private boolean started;

    private Cursor(
        long rows,
        List<String> columns,
        List<ColumnReader> readers,
        List<PrimitiveTypeName> types) {
      this.left = rows;
      this.columns = columns;
      this.readers = readers;
      this.types = types;
    }

    /** Moves to the next row, if there is one. */
    public boolean next() {
      if (left == 0) {
        return false;
      }
      if (started) {
        guarded(
            () -> {
              readers.forEach(ColumnReader::consume);
              return null;
            });
      }
      started = true;
      left--;
      return true;
    }

    public boolean isNull(int column) {
      ColumnReader in = readers.get(column);
      return guarded(
          () -> in.getCurrentDefinitionLevel() < in.getDescriptor().getMaxDefinitionLevel());
    }

    public byte[] bytes(int column) {
      require(column, PrimitiveTypeName.BINARY);
      return guarded(() -> readers.get(column).getBinary().getBytes());
    }

    /** A string, or a whole number as one. */
    public String text(int column) {
      return types.get(column) == PrimitiveTypeName.BINARY
          ? guarded(() -> readers.get(column).getBinary().toStringUsingUTF8())
          : String.valueOf(integer(column));
    }

    public long integer(int column) {
      require(column, PrimitiveTypeName.INT32, PrimitiveTypeName.INT64);
      return guarded(
          () ->
              types.get(column) == PrimitiveTypeName.INT32
                  ? (long) readers.get(column).getInteger()
                  : readers.get(column).getLong());
    }

    private void require(int column, PrimitiveTypeName... allowed) {
      if (!Arrays.asList(allowed).contains(types.get(column))) {
        throw new IllegalStateException(
            "Cannot read %s: expected column %s of type %s, got %s (%s)"
                .formatted(
                    file.getFileName(),
                    columns.get(column),
                    Arrays.toString(allowed),
                    types.get(column),
                    file));
      }
    }

    private <T> T guarded(Supplier<T> value) {
      try {
        return value.get();
      } catch (RuntimeException e) {
        throw TableReader.damaged(file, e);
      }
    }
  }
}
