package simsiam.model.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Normalization;
import simsiam.model.augment.ViewMaker;
import simsiam.model.augment.ViewRandom;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageBatch;
import simsiam.model.load.ImageSet;
import simsiam.model.load.LoaderSpec;
import simsiam.model.load.ViewLoader;

/** Measures how fast this machine makes views. */
public final class LoaderBenchmark {
  private static final int VIEWS = 2;

  /** Reading the processor clock costs about a microsecond. */
  private static final int VIEWS_BETWEEN_LOOKS = 16;

  /** Pixels of the images of a batch together: 256 of 32×32. */
  private static final int BATCH_PIXELS = 1 << 18;

  private static final Normalization NORMALIZATION =
      new Normalization(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));

  private final ImageSet images;
  private final AugmentSpec augment;

  /**
   * @param images at least one
   */
  public LoaderBenchmark(ImageSet images, AugmentSpec augment) {
    this.images = images;
    this.augment = augment;
  }

  /**
   * What was measured.
   *
   * @param threads of the loader
   * @param viewsPerSecond that came out of the loader, by the clock
   * @param viewsPerCoreSecond by the processor time of one thread that makes views and nothing
   *     else: unlike the other it does not suffer from what else the machine does
   */
  public record Rate(int threads, double viewsPerSecond, double viewsPerCoreSecond) {}

  /**
   * Warms up, then measures each figure.
   *
   * @param time for each figure, after as much of warming up
   */
  public Rate measure(int threads, Duration time) {
    core(time);
    double core = core(time);
    loader(threads, time);
    return new Rate(threads, loader(threads, time), core);
  }

  /**
   * Views a second of processor time of the calling thread, which takes the images in turn and
   * makes two of each.
   */
  public double core(Duration time) {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    ViewMaker maker = new ViewMaker(augment);
    ViewRandom random = new ViewRandom(0, 0, "", 0);
    float[] out = new float[3 * augment.cropSize() * augment.cropSize()];
    long start = clock.getCurrentThreadCpuTime();
    long views = 0;
    long used;
    do {
      for (int i = 0; i < VIEWS_BETWEEN_LOOKS / VIEWS; i++) {
        int index = (int) (views / VIEWS % images.size());
        int epoch = (int) (views / VIEWS / images.size());
        RgbImage image = images.image(index);
        for (int view = 0; view < VIEWS; view++, views++) {
          random.reset(0, epoch, images.id(index), view);
          maker.write(image, random, NORMALIZATION, out, 0);
        }
      }
      used = clock.getCurrentThreadCpuTime() - start;
    } while (used < time.toNanos());
    return views * 1e9 / used;
  }

  private double loader(int threads, Duration time) {
    int size = augment.cropSize();
    int batch = Math.min(images.size(), Math.max(1, BATCH_PIXELS / (size * size)));
    LoaderSpec spec = new LoaderSpec(VIEWS, batch, 0, threads);
    long start = System.nanoTime();
    long views = 0;
    for (int epoch = 0; views == 0 || System.nanoTime() - start < time.toNanos(); epoch++) {
      try (ViewLoader loader = new ViewLoader(images, augment, NORMALIZATION, spec, epoch, 0)) {
        while (loader.hasNext() && (views == 0 || System.nanoTime() - start < time.toNanos())) {
          try (ImageBatch made = loader.next()) {
            views += (long) VIEWS * made.size();
          }
        }
      }
    }
    return views * 1e9 / (System.nanoTime() - start);
  }
}
