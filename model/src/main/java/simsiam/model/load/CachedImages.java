package simsiam.model.load;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import simsiam.model.augment.ViewRandom;
import simsiam.model.config.Reason;
import simsiam.model.image.RgbImage;

/**
 * A set of images whose pixels were read once and are cached elsewhere, one image after the other
 * in the order of the set: what is needed of it to draw views in the order of its epochs. Safe for
 * use by several threads.
 */
public final class CachedImages {
  /** Images decoded at once. */
  private static final int DECODED = 64;

  private final ImageSet images;
  private final long[] keys;
  private final int[] labels;
  private final int[] heights;
  private final int[] widths;
  private final long[] starts;

  private CachedImages(ImageSet images) {
    this.images = images;
    int size = images.size();
    keys = new long[size];
    labels = new int[size];
    heights = new int[size];
    widths = new int[size];
    starts = new long[size];
  }

  /**
   * Reads each image once.
   *
   * @param cache takes them all, in the order of the set
   * @param stopRequested asked now and then
   * @throws LoaderException if an image could not be had
   * @throws CancellationException if a stop was requested meanwhile
   */
  public static CachedImages read(
      ImageSet images, Consumer<Iterator<RgbImage>> cache, BooleanSupplier stopRequested) {
    CachedImages cached = new CachedImages(images);
    try (EpochImages order = images.inOrder()) {
      Reading reading = cached.new Reading(order, stopRequested);
      cache.accept(reading);
      if (reading.hasNext()) {
        throw new IllegalStateException(
            "Cannot cache images: expected all %s to be taken, got %s"
                .formatted(images.size(), reading.next));
      }
    }
    return cached;
  }

  int size() {
    return keys.length;
  }

  /** Indices in the set by their positions in an epoch. */
  int[] order(long seed, int epoch) {
    return images.order(seed, epoch);
  }

  /** The randomness of an image. */
  long key(int index) {
    return keys[index];
  }

  int label(int index) {
    return labels[index];
  }

  int height(int index) {
    return heights[index];
  }

  int width(int index) {
    return widths[index];
  }

  /** The first pixel of an image among all. */
  long start(int index) {
    return starts[index];
  }

  /** Decodes some images ahead, by several threads, and notes what will be needed of each. */
  private final class Reading implements Iterator<RgbImage> {
    private final EpochImages order;
    private final BooleanSupplier stopRequested;
    private EpochImages.Taken[] decoded = {};
    private int first;
    private int next;
    private long pixels;

    Reading(EpochImages order, BooleanSupplier stopRequested) {
      this.order = order;
      this.stopRequested = stopRequested;
    }

    @Override
    public boolean hasNext() {
      return next < size();
    }

    @Override
    public RgbImage next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (next == first + decoded.length) {
        decode();
      }
      EpochImages.Taken taken = decoded[next - first];
      decoded[next - first] = null;
      RgbImage image = taken.image();
      keys[next] = ViewRandom.key(taken.id());
      labels[next] = taken.label();
      heights[next] = image.height();
      widths[next] = image.width();
      starts[next] = pixels;
      pixels += (long) image.height() * image.width();
      next++;
      return image;
    }

    private void decode() {
      if (stopRequested.getAsBoolean()) {
        throw new CancellationException("Training was interrupted while its images were read");
      }
      first = next;
      decoded =
          IntStream.range(first, Math.min(size(), first + DECODED))
              .parallel()
              .mapToObj(this::take)
              .toArray(EpochImages.Taken[]::new);
    }

    private EpochImages.Taken take(int position) {
      try {
        return order.take(position);
      } catch (RuntimeException e) {
        throw new LoaderException(
            "Cannot load image: expected pixels, got %s (%s)"
                .formatted(Reason.of(e), order.name(position)),
            e);
      }
    }
  }
}
