package simsiam.model.data;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;

/**
 * A file of features ({@code features-*.parquet}): {@code id} string, {@code label} int32, {@code
 * feature} D float32; D and the fingerprint of the checkpoint that made them in the footer.
 */
public final class FeatureFile {
  private static final int VERSION = 1;
  private static final String VERSION_KEY = "feature.version";
  private static final String DIM = "feature.dim";
  private static final String CHECKPOINT = "checkpoint.fingerprint";

  private FeatureFile() {}

  /** Writes one file; closed without a commit, nothing remains. */
  public static final class Writer implements AutoCloseable {
    private final TableWriter<FeatureRow> table;

    /**
     * @param dim D
     * @param checkpointFingerprint of the checkpoint whose encoder made the features
     */
    public Writer(Path file, int dim, String checkpointFingerprint) {
      Map<String, String> footer =
          Map.of(
              VERSION_KEY,
              String.valueOf(VERSION),
              DIM,
              String.valueOf(dim),
              CHECKPOINT,
              checkpointFingerprint);
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
    private final String checkpointFingerprint;
    private final TableReader<FeatureRow> table;

    /**
     * Opens the file and checks its footer.
     *
     * @throws IllegalStateException if the file is missing, damaged, or of another version
     */
    public Reader(Path file) {
      table = new TableReader<>(file, Reader::columns);
      dim = table.footer().getInt(DIM);
      checkpointFingerprint = table.footer().get(CHECKPOINT);
    }

    private static FeatureColumns columns(ParquetFooter footer) {
      footer.requireVersion(VERSION_KEY, VERSION, "features");
      footer.get(CHECKPOINT);
      return new FeatureColumns(footer.getInt(DIM));
    }

    /** D. */
    public int dim() {
      return dim;
    }

    public String checkpointFingerprint() {
      return checkpointFingerprint;
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
