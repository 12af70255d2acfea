package simsiam.model.data.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import simsiam.model.config.Reason;
import simsiam.model.file.AtomicFile;

/**
 * Writes one Parquet file of rows T: aside, then renamed by {@link #commit}; closed without a
 * commit, nothing remains. The bytes depend on the rows, the footer and the settings alone.
 */
public final class TableWriter<T> implements AutoCloseable {
  private final Path target;
  private final Path temporary;
  private final HashedOutputFile output;
  private final ParquetWriter<T> writer;
  private long rows;
  private boolean writerClosed;
  private boolean committed;

  public TableWriter(
      Path target, RowWriter<T> format, Map<String, String> footer, WriteSettings settings) {
    this.target = target;
    this.temporary = AtomicFile.temporary(target);
    this.output = new HashedOutputFile(temporary);
    try {
      this.writer = new Builder<>(output, format, footer).with(format, settings).build();
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
  }

  public void write(T row) {
    try {
      writer.write(row);
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
    rows++;
  }

  public WrittenFile commit() {
    try {
      closeWriter();
      AtomicFile.commit(temporary, target);
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
    committed = true;
    return new WrittenFile(target.getFileName().toString(), rows, output.bytes(), output.sha256());
  }

  @Override
  public void close() {
    if (!committed) {
      try {
        closeWriter();
      } catch (IOException | RuntimeException e) {
        throw failure(e);
      } finally {
        AtomicFile.discard(temporary);
      }
    }
  }

  /** Once: Parquet's writer fails if it is closed again after a failure. */
  private void closeWriter() throws IOException {
    if (!writerClosed) {
      writerClosed = true;
      writer.close();
    }
  }

  /** Parquet wraps what went wrong, such as a full disk, in words of its own: finds the cause. */
  private RuntimeException failure(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return new UncheckedIOException("Cannot write %s: %s".formatted(target, Reason.of(io)), io);
      }
    }
    return e instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("Cannot write %s: %s".formatted(target, Reason.of(e)), e);
  }

  /** Parquet's builder, with every setting that shapes the bytes fixed. */
  private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
    private final HashedOutputFile file;
    private final RowWriter<T> format;
    private final Map<String, String> footer;

    Builder(HashedOutputFile file, RowWriter<T> format, Map<String, String> footer) {
      super(file);
      this.file = file;
      this.format = format;
      this.footer = new TreeMap<>(footer); // Map.of has another order in each process
    }

    Builder<T> with(RowWriter<T> format, WriteSettings settings) {
      withConf(new PlainParquetConfiguration());
      withRowGroupSize(settings.rowGroupBytes());
      withCompressionCodec(settings.codec().parquetName());
      withPageSize(1 << 20);
      withDictionaryEncoding(false);
      withPageWriteChecksumEnabled(false);
      withSizeStatisticsEnabled(false);
      withMinRowCountForPageSizeCheck(10);
      for (String column : format.bulkColumns()) {
        withStatisticsEnabled(column, false);
      }
      return this;
    }

    @Override
    protected Builder<T> self() {
      return this;
    }

    @Override
    protected WriteSupport<T> getWriteSupport(ParquetConfiguration configuration) {
      return new Support<>(file, format, footer);
    }

    @SuppressWarnings("deprecation") // abstract in the parent, so it must be here
    @Override
    protected WriteSupport<T> getWriteSupport(Configuration configuration) {
      return new Support<>(file, format, footer);
    }
  }

  private static final class Support<T> extends WriteSupport<T> {
    private final HashedOutputFile file;
    private final RowWriter<T> format;
    private final Map<String, String> footer;
    private RecordConsumer out;

    Support(HashedOutputFile file, RowWriter<T> format, Map<String, String> footer) {
      this.file = file;
      this.format = format;
      this.footer = footer;
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(format.schema(), footer);
    }

    @SuppressWarnings("deprecation") // abstract in the parent, so it must be here
    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(format.schema(), footer);
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      out = recordConsumer;
    }

    @Override
    public void write(T row) {
      out.startMessage();
      format.write(row, out);
      out.endMessage();
    }

    /** Parquet asks between the last row group and what comes after it. */
    @Override
    public FinalizedWriteContext finalizeWrite() {
      file.rowsDone();
      return super.finalizeWrite();
    }
  }
}
