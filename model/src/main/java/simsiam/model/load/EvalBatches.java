package simsiam.model.load;

import java.util.stream.IntStream;
import simsiam.model.augment.EvalTransform;
import simsiam.model.augment.Normalization;
import simsiam.model.config.Checks;
import simsiam.model.image.RgbImage;

/**
 * All images of a set in order, un-augmented, normalised, decoded by several threads ahead of the
 * consumer; the last batch holds what is left. For one consumer thread.
 */
public final class EvalBatches implements AutoCloseable {
  private final BatchRing ring;

  /**
   * Starts the threads.
   *
   * @param size S, pixels a side
   * @param batchSize images a batch
   */
  public EvalBatches(
      ImageSet images, int size, Normalization normalization, int batchSize, int threads) {
    new Checks()
        .atLeast("size", size, 1)
        .atLeast("batch_size", batchSize, 1)
        .atLeast("loader_threads", threads, 1)
        .done();
    this.ring = BatchRing.started(new Images(images, size, normalization, batchSize), 0, threads);
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

  /** Stops and joins the threads; may be called at any time, and twice. */
  @Override
  public void close() {
    ring.close();
  }

  private record Images(ImageSet images, int size, Normalization normalization, int batchSize)
      implements BatchRing.Source {
    @Override
    public int batches() {
      return (images.size() + batchSize - 1) / batchSize;
    }

    @Override
    public int[] indices(int batch) {
      int from = batch * batchSize;
      return IntStream.range(from, Math.min(images.size(), from + batchSize)).toArray();
    }

    @Override
    public String name(int batch, int place) {
      return images.id(batch * batchSize + place);
    }

    @Override
    public int floats() {
      return BatchRing.floats(Math.min(batchSize, images.size()), size);
    }

    @Override
    public BatchRing.Writer writer() {
      EvalTransform transform = new EvalTransform(size);
      int floats = BatchRing.floats(1, size);
      return (batch, place, count, out) -> {
        RgbImage image = images.image(batch * batchSize + place);
        normalization.write(transform.apply(image), out, place * floats);
      };
    }
  }
}
