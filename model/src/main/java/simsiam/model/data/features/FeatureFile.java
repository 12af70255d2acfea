package simsiam.model.data.features;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import simsiam.model.data.table.ParquetFooter;
import simsiam.model.data.table.RowReader;
import simsiam.model.data.table.TableReader;
import simsiam.model.data.table.TableWriter;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.data.table.WrittenFile;

/**
 * A file of features ({@code features-*.parquet}): {@code id} string, {@code label} int32, {@code
 * feature} a list of D float32; D and what made them in the footer. Files of version 1, whose
 * features are bytes, are read alike.
 */
public final class FeatureFile {
  private static final int VERSION = 2;
  private static final int BYTES_VERSION = 1;
  private static final String VERSION_KEY = "feature.version";
  private static final String DIM = "feature.dim";
  private static final String CHECKPOINT = "checkpoint.fingerprint";
  private static final String ENCODER = "feature.encoder";
  private static final String LAYER = "feature.layer";

  private FeatureFile() {}

  /**
   * What made features.
   *
   * @param encoder in words: trained or not, architecture, stem and width; empty in files of
   *     earlier releases, which do not say
   * @param layer of it, by torchvision's name; empty likewise
   * @param checkpointFingerprint of the checkpoint it was read from
   */
  public record Origin(String encoder, String layer, String checkpointFingerprint) {}

  /** Writes one file; closed without a commit, nothing remains. */
  public static final class Writer implements AutoCloseable {
    private final TableWriter<FeatureRow> table;

    /**
     * @param dim D
     * @param origin what made the features
     */
    public Writer(Path file, int dim, Origin origin) {
      Map<String, String> footer =
          Map.of(
              VERSION_KEY,
              String.valueOf(VERSION),
              DIM,
              String.valueOf(dim),
              CHECKPOINT,
              origin.checkpointFingerprint(),
              ENCODER,
              origin.encoder(),
              LAYER,
              origin.layer());
      table = new TableWriter<>(file, new FeatureColumns(dim), footer, WriteSettings.PLAIN);
    }

    public void write(FeatureRow row) {
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

  /** Reads one file, in order. */
  public static final class Reader implements Iterable<FeatureRow>, AutoCloseable {
    private final int dim;
    private final Origin origin;
    private final TableReader<FeatureRow> table;

    /**
     * Opens the file and checks its footer.
     *
     * @throws IllegalStateException if the file is missing, damaged, or of another version
     */
    public Reader(Path file) {
      table = new TableReader<>(file, Reader::columns);
      dim = table.footer().getInt(DIM);
      Map<String, String> footer = table.footer().values();
      origin =
          new Origin(
              footer.getOrDefault(ENCODER, ""),
              footer.getOrDefault(LAYER, ""),
              table.footer().get(CHECKPOINT));
    }

    private static RowReader<FeatureRow> columns(ParquetFooter footer) {
      boolean bytes = footer.getInt(VERSION_KEY) == BYTES_VERSION;
      footer.requireVersion(VERSION_KEY, bytes ? BYTES_VERSION : VERSION, "features");
      footer.get(CHECKPOINT);
      int dim = footer.getInt(DIM);
      return bytes ? new FeatureColumns.Bytes(dim) : new FeatureColumns(dim);
    }

    /** D. */
    public int dim() {
      return dim;
    }

    public Origin origin() {
      return origin;
    }

    public long rows() {
      return table.rows();
    }

    @Override
    public Iterator<FeatureRow> iterator() {
      return table.rowIterator();
    }

    @Override
    public void close() {
      table.close();
    }
  }
}
