package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Normalization;
import simsiam.model.augment.Specs;
import simsiam.model.augment.ViewMaker;
import simsiam.model.augment.ViewRandom;
import simsiam.model.bench.SyntheticImages;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.image.RgbImage;

@Timeout(60)
class ViewLoaderTest {
  private static final int SIDE = 16;
  private static final int BATCH = 20;
  private static final int VIEW_FLOATS = 3 * SIDE * SIDE;
  private static final AugmentSpec AUGMENT = Specs.simSiam(SIDE);
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(0.5, 0.4, 0.3), List.of(0.25, 0.2, 0.1));

  private final ImageSet images = new SyntheticImages(130, 20);

  private static ViewLoader loader(ImageSet images, int threads, int epoch, int firstBatch) {
    LoaderSpec spec = new LoaderSpec(2, BATCH, 77, threads);
    return new ViewLoader(images, AUGMENT, NORMALIZATION, spec, epoch, firstBatch);
  }

  private static List<float[]> all(ViewLoader loader) {
    List<float[]> batches = new ArrayList<>();
    try (loader) {
      while (loader.hasNext()) {
        try (ImageBatch batch = loader.next()) {
          batches.add(Arrays.copyOf(batch.pixels(), 2 * BATCH * VIEW_FLOATS));
        }
      }
    }
    return batches;
  }

  /** Against the same views made one after the other by hand. */
  @Test
  void batchesHoldTheViewsOfTheEpochsOrder() {
    int[] order = EpochOrder.permutation(77, 3, images.size());
    ViewMaker maker = new ViewMaker(AUGMENT);
    try (ViewLoader loader = loader(images, 2, 3, 0)) {
      for (int b = 0; b < 6; b++) {
        try (ImageBatch batch = loader.next()) {
          assertThat(batch.size()).isEqualTo(BATCH);
          for (int i = 0; i < BATCH; i++) {
            int index = order[b * BATCH + i];
            assertThat(batch.index(i)).isEqualTo(index);
            for (int view = 0; view < 2; view++) {
              ViewRandom random = new ViewRandom(77, 3, images.id(index), view);
              float[] expected = new float[VIEW_FLOATS];
              maker.write(images.image(index), random, NORMALIZATION, expected, 0);
              int from = (view * BATCH + i) * VIEW_FLOATS;
              assertThat(Arrays.copyOfRange(batch.pixels(), from, from + VIEW_FLOATS))
                  .isEqualTo(expected);
            }
          }
        }
      }
      assertThat(loader.hasNext()).isFalse();
      assertThatThrownBy(loader::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("Cannot take batch 6: expected one of 6, got a loader that is at its end");
    }
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    List<float[]> one = all(loader(images, 1, 5, 0));
    assertThat(one).hasSize(6);
    for (int threads : new int[] {2, 3, 8}) {
      List<float[]> many = all(loader(images, threads, 5, 0));
      assertThat(many).hasSize(6);
      for (int b = 0; b < 6; b++) {
        assertThat(many.get(b)).isEqualTo(one.get(b));
      }
    }
    assertThat(all(loader(images, 2, 6, 0)).get(0)).isNotEqualTo(one.get(0));
  }

  @Test
  void resumesInTheMiddleOfAnEpoch() {
    List<float[]> whole = all(loader(images, 2, 1, 0));
    List<float[]> rest = all(loader(images, 2, 1, 4));
    assertThat(rest).hasSize(2);
    assertThat(rest.get(0)).isEqualTo(whole.get(4));
    assertThat(rest.get(1)).isEqualTo(whole.get(5));
    assertThat(all(loader(images, 2, 1, 6))).isEmpty();
  }

  @Test
  void neverMakesMoreThanItHasBuffersFor() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    ImageSet counting = new FakeImages(images, index -> asked.incrementAndGet());
    try (ViewLoader loader = loader(counting, 2, 0, 0)) {
      ImageBatch first = loader.next();
      Thread.sleep(300);
      assertThat(asked.get()).isLessThanOrEqualTo(BatchRing.BUFFERS * BATCH);
      first.close();
      while (loader.hasNext()) {
        loader.next().close();
      }
    }
    assertThat(asked.get()).isEqualTo(6 * BATCH);
  }

  @Test
  void buffersAreReused() {
    List<float[]> buffers = new ArrayList<>();
    try (ViewLoader loader = loader(images, 2, 0, 0)) {
      while (loader.hasNext()) {
        try (ImageBatch batch = loader.next()) {
          buffers.add(batch.pixels());
        }
      }
    }
    for (int b = BatchRing.BUFFERS; b < buffers.size(); b++) {
      assertThat(buffers.get(b)).isSameAs(buffers.get(b - BatchRing.BUFFERS));
    }
  }

  @Test
  void takingMoreBatchesThanBuffersFailsInsteadOfWaitingForEver() {
    try (ViewLoader loader = loader(images, 2, 0, 0)) {
      for (int b = 0; b < BatchRing.BUFFERS; b++) {
        assertThat(loader.next().size()).isEqualTo(BATCH);
      }
      assertThatThrownBy(loader::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot take batch 3: expected batch 0 to be closed first, got it open");
    }
  }

  @Test
  void aFailureComesUpAtItsBatchAndNamesTheImage() {
    int[] order = EpochOrder.permutation(77, 0, images.size());
    int bad = order[2 * BATCH + 3];
    int alsoBad = order[2 * BATCH + 17];
    ImageSet broken =
        new FakeImages(
            images,
            index -> {
              if (index == bad || index == alsoBad) {
                throw new IllegalStateException("no pixels in " + index);
              }
            });
    for (int threads : new int[] {1, 4}) {
      try (ViewLoader loader = loader(broken, threads, 0, 0)) {
        loader.next().close();
        loader.next().close();
        assertThatThrownBy(loader::next)
            .isInstanceOf(LoaderException.class)
            .hasMessageStartingWith("Cannot load image: expected pixels, got ")
            .hasMessageContaining("no pixels in " + bad)
            .hasMessageEndingWith("(synthetic#" + bad + ")")
            .hasCauseInstanceOf(IllegalStateException.class);
      }
    }
  }

  /** The slot of the batch that could not begin still has the pixels of three batches before. */
  @Test
  void noMemoryWhereABatchBeginsIsHeardAndNoOldPixelsAreTaken() {
    for (int threads : new int[] {1, 4}) {
      ImageSet scarce =
          new Positions(
              images,
              position -> {
                if (position == BatchRing.BUFFERS * BATCH) {
                  throw new OutOfMemoryError("made up");
                }
              },
              () -> {});
      try (ViewLoader loader = loader(scarce, threads, 0, 0)) {
        for (int b = 0; b < BatchRing.BUFFERS; b++) {
          loader.next().close();
        }
        assertThatThrownBy(loader::next)
            .isInstanceOf(LoaderException.class)
            .hasMessage(
                "Cannot take batch 3: expected it to be made, got java.lang.OutOfMemoryError: made"
                    + " up")
            .hasCauseInstanceOf(OutOfMemoryError.class);
      }
    }
  }

  @Test
  void aLoaderThatCannotStartEndsWhatReadsForIt() {
    AtomicInteger closed = new AtomicInteger();
    ImageSet reading =
        new Positions(new SyntheticImages(300, 20), position -> {}, closed::incrementAndGet);
    LoaderSpec spec = new LoaderSpec(2, 300, 77, 2);
    long before = loaderThreads();

    assertThatThrownBy(
            () -> new ViewLoader(reading, Specs.simSiam(1672), NORMALIZATION, spec, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot make a batch: expected at most 2147483639 values, got");

    assertThat(closed).hasValue(1);
    assertThat(loaderThreads()).isEqualTo(before);
  }

  /** Lets something happen whenever a place of the order is asked for, and at its end. */
  private record Positions(ImageSet images, IntConsumer asked, Runnable closed)
      implements ImageSet {
    @Override
    public int size() {
      return images.size();
    }

    @Override
    public String id(int index) {
      return images.id(index);
    }

    @Override
    public int label(int index) {
      return images.label(index);
    }

    @Override
    public RgbImage image(int index) {
      return images.image(index);
    }

    @Override
    public EpochImages epoch(long seed, int epoch, int first) {
      EpochImages order = images.epoch(seed, epoch, first);
      return new EpochImages() {
        @Override
        public int index(int position) {
          asked.accept(position);
          return order.index(position);
        }

        @Override
        public String name(int position) {
          return order.name(position);
        }

        @Override
        public Taken take(int position) {
          return order.take(position);
        }

        @Override
        public void close() {
          closed.run();
        }
      };
    }
  }

  @Test
  void closingEarlyLeavesNoThread() {
    long before = loaderThreads();
    ViewLoader loader = loader(images, 4, 0, 0);
    ImageBatch open = loader.next();
    assertThat(loaderThreads()).isEqualTo(before + 4);
    loader.close();
    assertThat(loaderThreads()).isEqualTo(before);
    open.close();
    loader.close();
    assertThatThrownBy(loader::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageEndingWith("got a loader that is closed");
  }

  private static long loaderThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("loader-"))
        .count();
  }

  @Test
  void anInterruptEndsTheWait() {
    ImageSet slow = new FakeImages(images, index -> pause());
    try (ViewLoader loader = loader(slow, 1, 0, 0)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(loader::next)
          .isInstanceOf(LoaderException.class)
          .hasMessage("Cannot take batch 0: expected to be left waiting, got an interrupt");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aClosedBatchGivesNoPixels() {
    try (ViewLoader loader = loader(images, 1, 0, 0)) {
      ImageBatch batch = loader.next();
      batch.close();
      assertThatThrownBy(batch::pixels)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot read batch: expected it open, got it closed");
    }
  }

  @Test
  void impossibleEpochsAreRefused() {
    ImageSet few = new SyntheticImages(19, 16);
    assertThatThrownBy(() -> loader(few, 1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot load an epoch: expected at least a batch of 20 images, got 19");
    assertThatThrownBy(() -> loader(images, 1, 0, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot load an epoch: expected a first batch of 0 to 6, got 7");
    assertThatThrownBy(() -> new LoaderSpec(0, 0, 0, 0))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContainingAll("views", "batch_size", "loader_threads");
  }

  @Test
  void batchesBeyondAnArrayAreRefused() {
    assertThatThrownBy(() -> BatchRing.floats(20_000, 224))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make a batch: expected at most 2147483639 values, got 3010560000"
                + " (20000 images of 224x224)");
  }

  @Test
  void theLastBatchIsDropped() {
    assertThat(IntStream.of(0, 19, 20, 39, 40).map(n -> ViewLoader.batches(n, 20)).toArray())
        .containsExactly(0, 0, 1, 1, 2);
  }

  /** Lets something happen whenever an image is asked for. */
  private record FakeImages(ImageSet images, IntConsumer asked) implements ImageSet {
    @Override
    public int size() {
      return images.size();
    }

    @Override
    public String id(int index) {
      return images.id(index);
    }

    @Override
    public int label(int index) {
      return images.label(index);
    }

    @Override
    public RgbImage image(int index) {
      asked.accept(index);
      return images.image(index);
    }
  }
}
