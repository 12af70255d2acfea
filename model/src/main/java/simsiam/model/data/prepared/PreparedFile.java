package simsiam.model.data.prepared;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.ShardFooter;
import simsiam.model.data.table.RowReader;
import simsiam.model.data.table.TableReader;
import simsiam.model.data.table.TableWriter;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.data.table.WrittenFile;

/**
 * A file of preprocessed examples ({@code examples-*.parquet}), in source order, with what sharding
 * decides by.
 */
public final class PreparedFile {
  private PreparedFile() {}

  /** Writes one file; closed without a commit, nothing remains. */
  public static final class Writer implements AutoCloseable {
    private final TableWriter<PreparedExample> table;

    public Writer(Path file, ImageEncoding encoding) {
      Map<String, String> footer =
          Map.of(
              ShardFooter.SCHEMA_VERSION,
              String.valueOf(PreparedColumns.VERSION),
              ShardFooter.IMAGE_ENCODING,
              ShardFooter.encodingName(encoding));
      table = new TableWriter<>(file, new PreparedColumns.Writer(), footer, WriteSettings.PLAIN);
    }

    public void write(PreparedExample row) {
      table.write(row);
    }

    public WrittenFile commit() {
      return table.commit();
    }

    @Override
    public void close() {
      table.close();
    }
  }

  /** Reads the examples of one file. */
  public static final class Examples extends Rows<ImageExample> {
    public Examples(Path file) {
      super(file, new PreparedColumns.ExampleReader());
    }
  }

  /** Reads the keys of one file; images are not touched. */
  public static final class Keys extends Rows<PreparedKey> {
    public Keys(Path file) {
      super(file, new PreparedColumns.KeyReader());
    }
  }

  /** Rows of one open file, in order. */
  public abstract static class Rows<T> implements Iterable<T>, AutoCloseable {
    private final TableReader<T> table;

    private Rows(Path file, RowReader<T> format) {
      table =
          new TableReader<>(
              file,
              footer -> {
                footer.requireVersion(
                    ShardFooter.SCHEMA_VERSION, PreparedColumns.VERSION, "preprocess");
                return format;
              });
    }

    @Override
    public Iterator<T> iterator() {
      return table.rowIterator();
    }

    @Override
    public void close() {
      table.close();
    }
  }
}
