package simsiam.pipelines.stages.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import simsiam.eval.features.FeatureExtractor;
import simsiam.eval.features.FeatureMatrix;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.FeatureSource;
import simsiam.model.data.LabelSpace;
import simsiam.model.data.Manifest;
import simsiam.model.data.features.FeatureFile;
import simsiam.model.data.features.FeatureRow;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.Tensor;
import simsiam.model.train.Checkpoint;

/** The four tables of the features stage: each encoder's features of each split. */
public final class FeatureStore {
  /** What the encoder ends with, by torchvision's name. */
  private static final String LAYER = "avgpool";

  private final Path folder;
  private final LabelSpace space;

  /** Whose features. */
  public enum Encoder {
    TRAINED,
    /** The same network at its initial weights, the baseline. */
    RANDOM;

    /** Those of the network of a checkpoint. */
    SortedMap<String, Tensor> weights(Checkpoint checkpoint) {
      return switch (this) {
        case TRAINED -> checkpoint.weights();
        case RANDOM ->
            NetworkLayout.of(checkpoint.state().network()).initialise(checkpoint.state().seed());
      };
    }
  }

  public FeatureStore(Path folder, Manifest manifest) {
    this.folder = folder;
    this.space = manifest.labelSpace();
  }

  /** A table to be written row by row; closed without a commit, nothing remains. */
  Writer writer(Encoder encoder, String split, EncoderSpec network, String fingerprint) {
    int dim = network.featureDim();
    FeatureFile.Origin origin =
        new FeatureFile.Origin(
            String.format(
                    Locale.ROOT,
                    "%s %s, %s stem, width %d",
                    encoder,
                    network.arch(),
                    network.stem(),
                    network.width())
                .toLowerCase(Locale.ROOT),
            LAYER,
            fingerprint);
    return new Writer(new FeatureFile.Writer(file(encoder, split), dim, origin, space), dim, space);
  }

  record Writer(FeatureFile.Writer file, int dim, LabelSpace space)
      implements FeatureExtractor.Sink, AutoCloseable {
    @Override
    public void row(int index, String id, int label, float[] values, int offset) {
      FeatureSet.check(id, label, space, values, offset, dim);
      file.write(new FeatureRow(id, label, Arrays.copyOfRange(values, offset, offset + dim)));
    }

    void commit() {
      file.commit();
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /** All of a split in memory. */
  public FeatureSet read(Encoder encoder, String split) {
    try (FeatureFile.Reader reader = new FeatureFile.Reader(file(encoder, split))) {
      int rows = Math.toIntExact(reader.rows());
      FeatureMatrix features = new FeatureMatrix(rows, reader.dim());
      int[] labels = new int[rows];
      List<String> ids = new ArrayList<>(rows);
      for (FeatureRow row : reader) {
        features.set(ids.size(), row.feature(), 0);
        labels[ids.size()] = row.label();
        ids.add(row.id());
      }
      return new FeatureSet(features, labels, ids, space);
    }
  }

  /** The labels of a split, or -1 where unknown, in its order. */
  int[] labels(String split) {
    FeatureSource features = open(Encoder.TRAINED, split);
    int[] labels = new int[features.size()];
    features.forEach((index, label, values, offset) -> labels[index] = label);
    return labels;
  }

  /** A split that is read from its file each time, for those who need it in a form of their own. */
  FeatureSource open(Encoder encoder, String split) {
    Path file = file(encoder, split);
    try (FeatureFile.Reader reader = new FeatureFile.Reader(file)) {
      return new Stored(file, Math.toIntExact(reader.rows()), reader.dim(), space);
    }
  }

  private record Stored(Path file, int size, int dim, LabelSpace space) implements FeatureSource {
    @Override
    public List<String> classNames() {
      return space.classNames();
    }

    @Override
    public void forEach(Visitor visitor) {
      try (FeatureFile.Reader reader = new FeatureFile.Reader(file)) {
        int index = 0;
        for (FeatureRow row : reader) {
          FeatureSet.check(row.id(), row.label(), space, row.feature(), 0, dim);
          visitor.row(index++, row.label(), row.feature(), 0);
        }
      }
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
