package simsiam.eval.features;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import simsiam.model.augment.EvalTransform;
import simsiam.model.augment.Normalization;
import simsiam.model.data.LabelSpace;
import simsiam.model.engine.Tap;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.EvalBatches;
import simsiam.model.load.ImageBatch;
import simsiam.model.load.ImageSet;

/**
 * Pooled backbone features of un-augmented images, in eval mode. Every image is encoded once, in
 * the set's order, while loader threads decode those that follow; the last batch may be smaller.
 */
public final class FeatureExtractor {
  private final TrainingNet net;
  private final Normalization normalization;
  private final int size;
  private final EvalTransform.Resize resize;
  private final int batchSize;
  private final int threads;

  /**
   * An extractor for one network; the network stays the caller's to close.
   *
   * @param size S, pixels a side to which images are brought
   * @param batchSize images encoded at once
   * @param threads that decode
   */
  public FeatureExtractor(
      TrainingNet net, Normalization normalization, int size, int batchSize, int threads) {
    this(net, normalization, size, EvalTransform.Resize.CUSTOMARY, batchSize, threads);
  }

  /** The same, of images that are resized in some way. */
  public FeatureExtractor(
      TrainingNet net,
      Normalization normalization,
      int size,
      EvalTransform.Resize resize,
      int batchSize,
      int threads) {
    this.net = net;
    this.normalization = normalization;
    this.size = size;
    this.resize = resize;
    this.batchSize = batchSize;
    this.threads = threads;
  }

  /** Receives features as they are made. */
  @FunctionalInterface
  public interface Sink {
    /**
     * One image's feature.
     *
     * @param label class index, or -1 where unknown
     * @param values holds the D values from {@code offset} on, only during the call
     */
    void row(int index, String id, int label, float[] values, int offset);
  }

  /**
   * Encodes all images of a split into memory.
   *
   * @param progress told the number of images done after each batch
   */
  public FeatureSet extract(ImageSet images, LabelSpace space, IntConsumer progress) {
    FeatureMatrix features = new FeatureMatrix(images.size(), net.featureDim());
    int[] labels = new int[images.size()];
    List<String> ids = new ArrayList<>(images.size());
    extract(
        images,
        (index, id, label, values, offset) -> {
          features.set(index, values, offset);
          labels[index] = label;
          ids.add(id);
        },
        progress);
    return new FeatureSet(features, labels, ids, space);
  }

  /**
   * Encodes all images of a split, of which no more than a few batches are in memory.
   *
   * @param progress told the number of images done after each batch
   */
  public void extract(ImageSet images, Sink sink, IntConsumer progress) {
    int dim = net.featureDim();
    encode(
        images,
        List.of(),
        (index, id, label, row, features, maps) -> sink.row(index, id, label, features, row * dim),
        progress);
  }

  /**
   * Encodes all images of a split, and keeps intermediate maps in memory.
   *
   * @param progress told the number of images done after each batch
   * @return a set for each tap, whose D are its map's values, channel by channel
   */
  public List<FeatureSet> maps(
      ImageSet images, LabelSpace space, List<Tap> taps, IntConsumer progress) {
    List<FeatureMatrix> matrices =
        taps.stream().map(tap -> new FeatureMatrix(images.size(), length(tap))).toList();
    int[] labels = new int[images.size()];
    List<String> ids = new ArrayList<>(images.size());
    encode(
        images,
        taps,
        (index, id, label, row, features, maps) -> {
          for (int i = 0; i < maps.size(); i++) {
            FeatureMatrix matrix = matrices.get(i);
            matrix.set(index, maps.get(i), row * matrix.dim());
          }
          labels[index] = label;
          ids.add(id);
        },
        progress);
    return matrices.stream().map(matrix -> new FeatureSet(matrix, labels, ids, space)).toList();
  }

  /** Values that a tap gives of one image. */
  private int length(Tap tap) {
    return tap.length(net.method().encoder(), size);
  }

  @FunctionalInterface
  private interface Encoded {
    /** One image, whose values are in row {@code row} of the arrays. */
    void image(int index, String id, int label, int row, float[] features, List<float[]> maps);
  }

  private void encode(ImageSet images, List<Tap> taps, Encoded encoded, IntConsumer progress) {
    float[] features = new float[Math.multiplyExact(batchSize, net.featureDim())];
    List<float[]> maps =
        taps.stream().map(tap -> new float[Math.multiplyExact(batchSize, length(tap))]).toList();
    try (EvalBatches batches =
        new EvalBatches(images, size, resize, normalization, batchSize, threads)) {
      while (batches.hasNext()) {
        try (ImageBatch batch = batches.next()) {
          net.encode(batch.pixels(), batch.size(), size, features, taps, maps);
          for (int i = 0; i < batch.size(); i++) {
            int index = batch.index(i);
            encoded.image(index, batches.id(index), batches.label(index), i, features, maps);
          }
          progress.accept(batch.index(batch.size() - 1) + 1);
        }
      }
    }
  }
}
