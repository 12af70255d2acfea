package simsiam.model.load;

import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Normalization;

/**
 * The batches of views of one epoch, made by several threads ahead of the consumer. Order and views
 * are functions of (seed, epoch, image id) alone; images left over after the last full batch are
 * dropped, since a small batch has other batch-norm statistics. For one consumer thread.
 *
 * <pre>{@code
 * try (ViewLoader loader = new ViewLoader(images, augment, normalization, spec, epoch, 0)) {
 *   while (loader.hasNext()) {
 *     try (ImageBatch batch = loader.next()) {
 *       net.step(batch.pixels(), batch.size(), augment.cropSize(), rates);
 *     }
 *   }
 * }
 * }</pre>
 */
public final class ViewLoader implements AutoCloseable {
  private final ViewSource<?> source;
  private final BatchRing<?> ring;

  /**
   * Starts the threads.
   *
   * @param firstBatch where to begin: the batches from there on are those of the whole epoch
   */
  public ViewLoader(
      ImageSet images,
      AugmentSpec augment,
      Normalization normalization,
      LoaderSpec spec,
      int epoch,
      int firstBatch) {
    this(
        new ViewSource.Made(
            images, augment, normalization, spec, epoch, checked(images.size(), spec, firstBatch)),
        firstBatch,
        spec);
  }

  private <B> ViewLoader(ViewSource<B> source, int firstBatch, LoaderSpec spec) {
    this.source = source;
    this.ring = BatchRing.started(source, firstBatch, spec.threads());
  }

  /**
   * The same batches for an engine that makes the views itself: {@link ImageBatch#drawn}.
   *
   * @param firstBatch where to begin
   */
  public static ViewLoader drawing(
      ImageSet images, AugmentSpec augment, LoaderSpec spec, int epoch, int firstBatch) {
    int first = checked(images.size(), spec, firstBatch);
    return new ViewLoader(new ViewSource.Drawn(images, augment, spec, epoch, first), first, spec);
  }

  /**
   * The same where the engine has the pixels already: nothing is read, and batches tell where they
   * lie.
   *
   * @param firstBatch where to begin
   */
  public static ViewLoader drawing(
      CachedImages images, AugmentSpec augment, LoaderSpec spec, int epoch, int firstBatch) {
    int first = checked(images.size(), spec, firstBatch);
    return new ViewLoader(new ViewSource.Cached(images, augment, spec, epoch), first, spec);
  }

  private static int checked(int images, LoaderSpec spec, int firstBatch) {
    int batches = batches(images, spec.batchSize());
    if (batches == 0) {
      throw new IllegalArgumentException(
          "Cannot load an epoch: expected at least a batch of %s images, got %s"
              .formatted(spec.batchSize(), images));
    }
    if (firstBatch < 0 || firstBatch > batches) {
      throw new IllegalArgumentException(
          "Cannot load an epoch: expected a first batch of 0 to %s, got %s"
              .formatted(batches, firstBatch));
    }
    return firstBatch;
  }

  /** Full batches in an epoch. */
  public static int batches(int images, int batchSize) {
    return images / batchSize;
  }

  public boolean hasNext() {
    return ring.hasNext();
  }

  /**
   * The next batch, of N images. Not more than three may be open at a time.
   *
   * @throws LoaderException if one of its images could not be had
   */
  public ImageBatch next() {
    return ring.next();
  }

  /** Class index of an image of a batch that was taken, by its index in the set; -1 if unknown. */
  public int label(int index) {
    return source.label(index);
  }

  /** Stops and joins the threads; may be called at any time, and twice. */
  @Override
  public void close() {
    ring.close();
  }
}
