package simsiam.model.data.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
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
  /** What pages may be compressed by; others need libraries that are not there. */
  static final Set<CompressionCodecName> CODECS =
      EnumSet.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.GZIP,
          CompressionCodecName.ZSTD,
          CompressionCodecName.LZ4_RAW);

  /** What a field of the schema's first level holds. */
  public enum Kind {
    /** There is no such field. */
    ABSENT,
    /** A whole number. */
    INTEGER,
    TEXT,
    /** Anything else: fractions, times, lists, groups. */
    OTHER
  }

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

  /** Names of the fields of the first level, whatever they hold. */
  public List<String> fields() {
    return metadata.getSchema().getFields().stream().map(Type::getName).toList();
  }

  /** What a field of the first level holds. */
  public Kind kind(String field) {
    if (!metadata.getSchema().containsField(field)) {
      return Kind.ABSENT;
    }
    Type type = metadata.getSchema().getType(field);
    if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
      return Kind.OTHER;
    }
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case INT32, INT64 ->
          meaning == null || meaning instanceof IntLogicalTypeAnnotation
              ? Kind.INTEGER
              : Kind.OTHER;
      case BINARY ->
          meaning == null
                  || meaning instanceof StringLogicalTypeAnnotation
                  || meaning instanceof EnumLogicalTypeAnnotation
              ? Kind.TEXT
              : Kind.OTHER;
      default -> Kind.OTHER;
    };
  }

  /** A field of the first level in the schema's own words, on one line. */
  public String type(String field) {
    return metadata.getSchema().getType(field).toString().strip().replaceAll("\\s+", " ");
  }

  /**
   * Checks that the columns are compressed by something known here.
   *
   * @throws IllegalStateException naming the codec that is not
   */
  public void requireCodecs(List<String> columns) {
    for (BlockMetaData group : reader.getRowGroups()) {
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        String column = chunk.getPath().toDotString();
        if (columns.contains(column) && !CODECS.contains(chunk.getCodec())) {
          throw new IllegalStateException(
              "Cannot read %s: expected compression by %s, got column %s by %s (%s)"
                  .formatted(
                      file.getFileName(),
                      CODECS.stream().map(Enum::name).collect(Collectors.joining(", ")),
                      column,
                      chunk.getCodec(),
                      file));
        }
      }
    }
  }

  /**
   * Whether the statistics of a row group tell that each of its whole numbers is negative or
   * missing; false where they do not say.
   */
  public boolean allNegative(int group, String column) {
    for (ColumnChunkMetaData chunk : reader.getRowGroups().get(group).getColumns()) {
      if (chunk.getPath().toDotString().equals(column)) {
        Statistics<?> values = chunk.getStatistics();
        boolean missing = values.isNumNullsSet() && values.getNumNulls() == chunk.getValueCount();
        return missing
            || (values.hasNonNullValue()
                && values.genericGetMax() instanceof Number most
                && most.longValue() < 0);
      }
    }
    return false;
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
    requireCodecs(columns);
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
    } catch (IOException e) {
      throw TableReader.unreadable(file, e);
    } catch (RuntimeException e) {
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
