package simsiam.model.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Normalization;
import simsiam.model.augment.ViewDevice;
import simsiam.model.engine.DeviceException;
import simsiam.model.engine.Engine;
import simsiam.model.engine.StepMemory;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.CachedImages;
import simsiam.model.load.ImageSet;
import simsiam.model.load.LoaderSpec;
import simsiam.model.load.ViewLoader;
import simsiam.model.net.Method;
import simsiam.model.net.Targets;
import simsiam.model.train.spec.DeviceCache;
import simsiam.model.train.spec.TrainSpec;

/**
 * The views that the steps of a training take: made by the loader's threads, or by the network of
 * images that travel with each batch or are cached where it is. Which of these two, no bit of the
 * views tells.
 */
public final class TrainingViews {
  private static final Logger log = LoggerFactory.getLogger(TrainingViews.class);
  private static final int CHANNELS = 3;

  private final Engine engine;
  private final Pretrainer.Job job;
  private final ImageSet images;

  /** Whether the network makes the views. */
  private final boolean drawn;

  private Optional<CachedImages> cached = Optional.empty();

  /**
   * @throws IllegalArgumentException if views are asked for where they cannot be made, or cached
   *     images where they cannot be used
   */
  public TrainingViews(Engine engine, Pretrainer.Job job, ImageSet images) {
    this.engine = engine;
    this.job = job;
    this.images = images;
    boolean live = job.network().objective().targets() == Targets.LIVE;
    ViewDevice device = job.augment().device();
    drawn = live && engine.makesViews(device);
    String where = live ? "of the engine " + engine.name() : "where objective.targets is not live";
    if (device == ViewDevice.GPU && !drawn) {
      throw new IllegalArgumentException(
          "Cannot train: expected augment.device cpu or auto %s, got gpu".formatted(where));
    }
    if (job.train().deviceCache() == DeviceCache.ALWAYS && !drawn) {
      throw new IllegalArgumentException(
          "Cannot train: expected train.device_cache auto or never where views are made by the loader's threads, got always");
    }
  }

  /**
   * Caches the images where the network is, if they are to be and fit there.
   *
   * @throws IllegalArgumentException if they must be and do not fit
   * @throws java.util.concurrent.CancellationException if a stop was requested meanwhile
   */
  public void cache(TrainingNet net, BooleanSupplier stopRequested) {
    DeviceCache asked = job.train().deviceCache();
    if (!drawn || asked == DeviceCache.NEVER) {
      return;
    }
    long pixels = Arrays.stream(images.areas()).asLongStream().sum();
    long bytes = CHANNELS * pixels;
    long room = room();
    if (asked == DeviceCache.ALWAYS && bytes > room) {
      throw new IllegalArgumentException(
          "Cannot train: expected at most %s beside the steps for the pixels of the training images, got %s (train.device_cache is always; auto lets them travel)"
              .formatted(megabytes(room), megabytes(bytes)));
    }
    boolean fits = asked == DeviceCache.ALWAYS || bytes <= room / 2;
    log.info(
        "The pixels of the training images, {}, {} ({} free beside the steps)",
        megabytes(bytes),
        fits ? "stay on the device" : "travel with each batch",
        megabytes(room));
    if (fits) {
      cached = Optional.of(read(net, pixels, stopRequested));
    }
  }

  private CachedImages read(TrainingNet net, long pixels, BooleanSupplier stopRequested) {
    try {
      return CachedImages.read(images, all -> net.cache(pixels, all), stopRequested);
    } catch (DeviceException e) {
      throw new DeviceException(
          e.getMessage() + " (train.device_cache=never lets them travel with each batch)", e);
    }
  }

  /** Bytes that steps leave free. */
  private long room() {
    TrainSpec train = job.train();
    StepMemory steps =
        StepMemory.of(Method.of(job.network()), job.augment().cropSize(), train.precision());
    return Math.max(0, engine.freeBytes() - steps.fixed() - train.batchSize() * steps.image());
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f MB", bytes / 1e6);
  }

  /** The batches of an epoch from one on. */
  public ViewLoader loader(int epoch, int firstBatch) {
    TrainSpec train = job.train();
    AugmentSpec augment = job.augment();
    int cores = Runtime.getRuntime().availableProcessors();
    int threads = train.loaderThreads() > 0 ? train.loaderThreads() : Math.max(1, cores - 1);
    int views = Method.of(job.network()).views();
    LoaderSpec spec = new LoaderSpec(views, train.batchSize(), job.seed(), threads);
    if (cached.isPresent()) {
      return ViewLoader.drawing(cached.get(), augment, spec, epoch, firstBatch);
    }
    if (drawn) {
      return ViewLoader.drawing(images, augment, spec, epoch, firstBatch);
    }
    Normalization normalization = new Normalization(augment.mean(), augment.std());
    return new ViewLoader(images, augment, normalization, spec, epoch, firstBatch);
  }
}
