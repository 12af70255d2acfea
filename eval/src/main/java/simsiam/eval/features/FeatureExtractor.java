package simsiam.eval.features;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import simsiam.model.augment.Normalization;
import simsiam.model.engine.TrainingNet;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;

/**
 * Pooled backbone features of un-augmented images, in eval mode. Every image is encoded once, in
 * the set's order; the last batch may be smaller.
 */
public final class FeatureExtractor {
  private final TrainingNet net;
  private final UnaryOperator<RgbImage> transform;
  private final Normalization normalization;
  private final int size;
  private final int batchSize;

  /**
   * An extractor for one network; the network stays the caller's to close.
   *
   * @param transform brings an image to S×S pixels, without randomness; called by several threads
   *     at once
   * @param size S, pixels a side
   * @param batchSize images encoded at once
   */
  public FeatureExtractor(
      TrainingNet net,
      UnaryOperator<RgbImage> transform,
      Normalization normalization,
      int size,
      int batchSize) {
    this.net = net;
    this.transform = transform;
    this.normalization = normalization;
    this.size = size;
    this.batchSize = batchSize;
  }

  /**
   * Encodes all images of a split.
   *
   * @param progress told the number of images done after each batch
   */
  public FeatureSet extract(ImageSet images, List<String> classNames, IntConsumer progress) {
    int n = images.size();
    int dim = net.spec().encoder().featureDim();
    float[] features = allocate(n, dim);
    float[] pixels = new float[Math.multiplyExact(batchSize, 3 * size * size)];
    float[] encoded = new float[batchSize * dim];
    int[] labels = new int[n];
    List<String> ids = new ArrayList<>(n);
    for (int from = 0; from < n; from += batchSize) {
      int count = Math.min(batchSize, n - from);
      int first = from;
      IntStream.range(0, count)
          .parallel()
          .forEach(i -> load(images, first + i, pixels, i * 3 * size * size));
      net.encode(pixels, count, size, encoded);
      System.arraycopy(encoded, 0, features, from * dim, count * dim);
      // Beside their images: a set that is not in memory has them at hand now.
      for (int index = from; index < from + count; index++) {
        labels[index] = images.label(index);
        ids.add(images.id(index));
      }
      progress.accept(from + count);
    }
    return new FeatureSet(dim, features, labels, ids, classNames);
  }

  private void load(ImageSet images, int index, float[] pixels, int offset) {
    RgbImage image = transform.apply(images.image(index));
    if (image.height() != size || image.width() != size) {
      throw new IllegalArgumentException(
          "Cannot encode an image: expected %sx%s pixels, got %sx%s (%s)"
              .formatted(size, size, image.width(), image.height(), images.id(index)));
    }
    normalization.write(image, pixels, offset);
  }

  private static float[] allocate(int n, int dim) {
    long values = (long) n * dim;
    if (values > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Cannot hold features in memory: expected at most %s values, got %s (%s images of %s)"
              .formatted(Integer.MAX_VALUE - 8, values, n, dim));
    }
    return new float[(int) values];
  }
}
