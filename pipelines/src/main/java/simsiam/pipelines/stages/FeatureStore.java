package simsiam.pipelines.stages;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import simsiam.eval.features.FeatureSet;
import simsiam.model.data.FeatureFile;
import simsiam.model.data.FeatureRow;
import simsiam.model.data.Manifest;

/** The four tables of the features stage: each encoder's features of each split. */
final class FeatureStore {
  private final Path folder;
  private final List<String> classNames;

  /** Whose features. */
  enum Encoder {
    TRAINED,
    /** The same network at its initial weights, the baseline. */
    RANDOM
  }

  FeatureStore(Path folder, Manifest manifest) {
    this.folder = folder;
    this.classNames = manifest.classNames();
  }

  void write(Encoder encoder, String split, FeatureSet set, String fingerprint) {
    try (FeatureFile.Writer writer =
        new FeatureFile.Writer(file(encoder, split), set.dim(), fingerprint)) {
      for (int i = 0; i < set.size(); i++) {
        float[] feature = new float[set.dim()];
        System.arraycopy(set.features(), i * set.dim(), feature, 0, set.dim());
        writer.write(new FeatureRow(set.ids().get(i), set.labels()[i], feature));
      }
      writer.commit();
    }
  }

  FeatureSet read(Encoder encoder, String split) {
    try (FeatureFile.Reader reader = new FeatureFile.Reader(file(encoder, split))) {
      int dim = reader.dim();
      int rows = Math.toIntExact(reader.rows());
      float[] features = new float[Math.multiplyExact(rows, dim)];
      int[] labels = new int[rows];
      List<String> ids = new ArrayList<>(rows);
      for (FeatureRow row : reader) {
        System.arraycopy(row.feature(), 0, features, ids.size() * dim, dim);
        labels[ids.size()] = row.label();
        ids.add(row.id());
      }
      return new FeatureSet(dim, features, labels, ids, classNames);
    }
  }

  /**
   * The features of the first images of a split, whose order is that of hashes.
   *
   * @param folder of a finished output
   * @param most images
   */
  static Head head(Path folder, Encoder encoder, String split, int most) {
    try (FeatureFile.Reader reader = new FeatureFile.Reader(file(folder, encoder, split))) {
      int dim = reader.dim();
      int rows = Math.toIntExact(Math.min(most, reader.rows()));
      float[] features = new float[Math.multiplyExact(rows, dim)];
      Iterator<FeatureRow> all = reader.iterator();
      for (int i = 0; i < rows; i++) {
        System.arraycopy(all.next().feature(), 0, features, i * dim, dim);
      }
      return new Head(dim, rows, features);
    }
  }

  /**
   * Some features.
   *
   * @param features {@code [rows, dim]}, row-major
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, not compared or copied
  record Head(int dim, int rows, float[] features) {}

  private Path file(Encoder encoder, String split) {
    return file(folder, encoder, split);
  }

  private static Path file(Path folder, Encoder encoder, String split) {
    String prefix = encoder == Encoder.TRAINED ? "features-" : "random-features-";
    return folder.resolve(prefix + split + ".parquet");
  }
}
