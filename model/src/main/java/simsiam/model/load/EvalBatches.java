package simsiam.model.load;

import java.util.stream.IntStream;
import simsiam.model.augment.EvalTransform;
import simsiam.model.augment.Normalization;
import simsiam.model.config.Checks;

/**
 * All images of a set in order, un-augmented, normalised, decoded by several threads ahead of the
 * consumer; the last batch holds what is left. For one consumer thread.
 */
public final class EvalBatches implements AutoCloseable {
  private final Images images;
  private final BatchRing<float[]> ring;

  /**
   * Starts the threads.
   *
   * @param size S, pixels a side
   * @param batchSize images a batch
   */
  public EvalBatches(
      ImageSet images, int size, Normalization normalization, int batchSize, int threads) {
    this(images, size, EvalTransform.Resize.CUSTOMARY, normalization, batchSize, threads);
  }

  /**
   * Starts the threads.
   *
   * @param size S, pixels a side
   * @param batchSize images a batch
   */
  public EvalBatches(
      ImageSet images,
      int size,
      EvalTransform.Resize resize,
      Normalization normalization,
      int batchSize,
      int threads) {
    new Checks()
        .atLeast("size", size, 1)
        .atLeast("batch_size", batchSize, 1)
        .atLeast("loader_threads", threads, 1)
        .done();
    this.images = new Images(images, size, resize, normalization, batchSize);
    this.ring = BatchRing.started(this.images, 0, threads);
  }

  public boolean hasNext() {
    return ring.hasNext();
  }

  /**
   * The next batch, {@code [n, S, S, 3]}. Not more than three may be open at a time.
   *
   * @throws LoaderException if one of its images could not be had
   */
  public ImageBatch next() {
    return ring.next();
  }

  /** Stable name of an image of a batch that was taken, by its index in the set. */
  public String id(int index) {
    return images.ids[index];
  }

  /** Class index of an image of a batch that was taken, or -1 where unknown. */
  public int label(int index) {
    return images.labels[index];
  }

  /** Stops and joins the threads; may be called at any time, and twice. */
  @Override
  public void close() {
    ring.close();
  }

  /** Names and labels come with the images: to ask the set for them would read it again. */
  private static final class Images implements BatchRing.Source<float[]> {
    private final EpochImages order;
    private final int count;
    private final int size;
    private final EvalTransform.Resize resize;
    private final Normalization normalization;
    private final int batchSize;
    private final String[] ids;
    private final int[] labels;

    Images(
        ImageSet images,
        int size,
        EvalTransform.Resize resize,
        Normalization normalization,
        int batchSize) {
      this.count = images.size();
      this.size = size;
      this.resize = resize;
      this.normalization = normalization;
      this.batchSize = batchSize;
      this.ids = new String[count];
      this.labels = new int[count];
      this.order = images.inOrder();
    }

    @Override
    public int batches() {
      return (int) (((long) count + batchSize - 1) / batchSize);
    }

    @Override
    public int[] indices(int batch) {
      int from = batch * batchSize;
      return IntStream.range(from, (int) Math.min(count, (long) from + batchSize)).toArray();
    }

    @Override
    public String name(int batch, int place) {
      return order.name(batch * batchSize + place);
    }

    @Override
    public float[] buffer() {
      return new float[BatchRing.floats(Math.min(batchSize, count), size)];
    }

    @Override
    public BatchRing.Writer<float[]> writer() {
      EvalTransform transform = new EvalTransform(size, resize);
      int floats = BatchRing.floats(1, size);
      return (batch, place, images, out) -> {
        int index = batch * batchSize + place;
        EpochImages.Taken taken = order.take(index);
        ids[index] = taken.id();
        labels[index] = taken.label();
        normalization.write(transform.apply(taken.image()), out, place * floats);
      };
    }

    @Override
    public ImageBatch batch(float[] pixels, int[] indices, Runnable release) {
      return ImageBatch.made(pixels, indices, release);
    }

    @Override
    public void close() {
      order.close();
    }
  }
}
