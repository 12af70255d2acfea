package simsiam.model.data.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
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
public final class TableReader<T> implements AutoCloseable {
  /** What reading any footer may take of the heap, and how much more than its bytes it becomes. */
  private static final long FOOTER_RESERVE_BYTES = 64L << 20;

  private static final int FOOTER_EXPANSION = 64;

  private final Path file;
  private final RowReader<T> format;
  private final ParquetFileReader reader;
  private final FileMetaData metadata;

  /**
   * Opens the file.
   *
   * @param format what the rows are, told by the footer, which it checks
   */
  public TableReader(Path file, Function<ParquetFooter, RowReader<T>> format) {
    this.file = file;
    this.reader = open(file);
    try {
      this.metadata = reader.getFooter().getFileMetaData();
      this.format = format.apply(footer());
      requireColumns();
      reader.setRequestedSchema(this.format.schema());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  public ParquetFooter footer() {
    return new ParquetFooter(file, metadata.getKeyValueMetaData());
  }

  public long rows() {
    return reader.getRecordCount();
  }

  public int rowGroups() {
    return reader.getRowGroups().size();
  }

  public long rows(int group) {
    return reader.getRowGroups().get(group).getRowCount();
  }

  /** Bytes of a column in a row group, before compression. */
  public long columnBytes(int group, String column) {
    return reader.getRowGroups().get(group).getColumns().stream()
        .filter(chunk -> chunk.getPath().toDotString().equals(column))
        .mapToLong(ColumnChunkMetaData::getTotalUncompressedSize)
        .sum();
  }

  /** The rows of one row group, in order; its bytes are read at once. */
  public Iterator<T> rowGroup(int index) {
    try {
      return new Rows(reader.readRowGroup(index));
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (RuntimeException e) {
      throw damaged(file, e);
    }
  }

  /** All rows in order. */
  public Iterator<T> rowIterator() {
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
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (RuntimeException e) {
      throw damaged(file, e);
    } catch (OutOfMemoryError e) {
      throw footerTooLarge(file, e, freeHeap());
    }
  }

  /** What the system says of the file, or of this thread, is no damage to it. */
  static IllegalStateException unreadable(Path file, IOException e) {
    if (e instanceof FileSystemException || e instanceof FileNotFoundException) {
      return new IllegalStateException(
          "Cannot read %s: expected to read it, got %s (%s)"
              .formatted(file.getFileName(), e.getMessage(), file),
          e);
    }
    if (e instanceof ClosedChannelException || e instanceof InterruptedIOException) {
      return new IllegalStateException(
          "Cannot read %s: expected to be left reading, got an interrupt (%s)"
              .formatted(file.getFileName(), file),
          e);
    }
    return damaged(file, e);
  }

  /**
   * A footer may name lists of 100 million entries, which are asked for before they are read: one
   * that asks for more memory than there is for it is damaged, unless there is little.
   *
   * @throws OutOfMemoryError the same, if a whole footer of that length may have caused it
   */
  static IllegalStateException footerTooLarge(Path file, OutOfMemoryError cause, long freeHeap) {
    if (freeHeap < FOOTER_RESERVE_BYTES + FOOTER_EXPANSION * footerBytes(file, cause)) {
      throw cause;
    }
    return damaged(file, cause);
  }

  /** The length of the footer, which stands before the last four bytes. */
  private static long footerBytes(Path file, OutOfMemoryError cause) {
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      channel.position(channel.size() - 2 * Integer.BYTES);
      while (length.hasRemaining() && channel.read(length) >= 0) {}
      return Integer.toUnsignedLong(length.getInt(0));
    } catch (IOException e) {
      cause.addSuppressed(e);
      throw cause;
    }
  }

  private static long freeHeap() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
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
