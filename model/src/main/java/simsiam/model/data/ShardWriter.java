package simsiam.model.data;

import java.nio.file.Path;
import java.util.List;
import simsiam.model.data.table.TableWriter;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.data.table.WrittenFile;

/**
 * Writes one shard of example schema v2: aside, then renamed by {@link #commit}; closed without a
 * commit, nothing remains. The bytes depend on the examples, footer and settings alone.
 */
public final class ShardWriter implements AutoCloseable {
  private final TableWriter<ImageExample> table;

  /** A shard of images with one class each. */
  public ShardWriter(Path file, ShardFooter footer, WriteSettings settings) {
    this(file, footer, List.of(), settings);
  }

  /**
   * A shard.
   *
   * @param labelSets by label, where images may show several classes
   */
  public ShardWriter(
      Path file, ShardFooter footer, List<LabelSet> labelSets, WriteSettings settings) {
    table =
        new TableWriter<>(
            file, new ShardColumns.Writer(footer.encoding(), labelSets), footer.asMap(), settings);
  }

  public void write(ImageExample example) {
    table.write(example);
  }

  /** Ends the file and gives it its name. */
  public WrittenFile commit() {
    return table.commit();
  }

  @Override
  public void close() {
    table.close();
  }
}
