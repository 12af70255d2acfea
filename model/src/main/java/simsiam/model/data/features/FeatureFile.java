package simsiam.model.data.features;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import simsiam.model.data.LabelSpace;
import simsiam.model.data.table.ParquetFooter;
import simsiam.model.data.table.RowReader;
import simsiam.model.data.table.TableReader;
import simsiam.model.data.table.TableWriter;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.CanonicalJson;

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

  /** Only in files of images that may show several classes. */
  private static final String CLASS_NAMES = "class.names";

  private static final String LABEL_SETS = "label.sets";

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
      this(file, dim, origin, LabelSpace.of(List.of()));
    }

    /**
     * The same of images that may show several classes, which the footer then tells.
     *
     * @param space of the labels
     */
    public Writer(Path file, int dim, Origin origin, LabelSpace space) {
      Map<String, String> footer = new TreeMap<>();
      footer.put(VERSION_KEY, String.valueOf(VERSION));
      footer.put(DIM, String.valueOf(dim));
      footer.put(CHECKPOINT, origin.checkpointFingerprint());
      footer.put(ENCODER, origin.encoder());
      footer.put(LAYER, origin.layer());
      if (space.multiLabel()) {
        footer.put(CLASS_NAMES, CanonicalJson.compact(space.classNames()));
        footer.put(LABEL_SETS, CanonicalJson.compact(space.sets()));
      }
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
