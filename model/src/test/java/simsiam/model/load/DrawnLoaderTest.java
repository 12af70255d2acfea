package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.DrawnViews;
import simsiam.model.augment.Specs;
import simsiam.model.augment.ViewNumbers;
import simsiam.model.augment.ViewRandom;
import simsiam.model.augment.ViewSampler;
import simsiam.model.bench.SyntheticImages;
import simsiam.model.image.RgbImage;

@Timeout(60)
class DrawnLoaderTest {
  private static final int BATCH = 20;
  private static final AugmentSpec AUGMENT = Specs.simSiam(16);

  private final ImageSet images = new SyntheticImages(130, 20);

  /** For an engine that makes the views: the same images in the same order, and the same draws. */
  @Test
  void drawnBatchesHoldWhatTheMadeOnesAreMadeOf() {
    int[] order = EpochOrder.permutation(77, 3, images.size());
    ViewSampler sampler = new ViewSampler(AUGMENT);
    LoaderSpec spec = new LoaderSpec(2, BATCH, 77, 2);
    try (ViewLoader loader = ViewLoader.drawing(images, AUGMENT, spec, 3, 1)) {
      for (int b = 1; b < 6; b++) {
        try (ImageBatch batch = loader.next()) {
          DrawnViews drawn = batch.drawn().orElseThrow();
          assertThat(drawn.batch()).isEqualTo(BATCH);
          assertThat(drawn.views()).isEqualTo(2);
          for (int i = 0; i < BATCH; i++) {
            int index = order[b * BATCH + i];
            assertThat(batch.index(i)).isEqualTo(index);
            RgbImage image = images.image(index);
            assertThat(drawn.image(i).pixels()).isEqualTo(image.pixels());
            for (int view = 0; view < 2; view++) {
              ViewRandom random = new ViewRandom(77, 3, images.id(index), view);
              assertThat(drawn.draw(view, i))
                  .isEqualTo(sampler.draw(image.height(), image.width(), random));
            }
          }
          assertThatThrownBy(batch::pixels)
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("Cannot read batch: expected views that are made, got drawn ones");
        }
      }
      assertThat(loader.hasNext()).isFalse();
    }
    assertThatThrownBy(() -> ViewLoader.drawing(images, AUGMENT, spec, 3, 7))
        .hasMessage("Cannot load an epoch: expected a first batch of 0 to 6, got 7");
  }

  /** Images of several sizes, that are counted when they are asked for. */
  private static class Counted implements ImageSet {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public int size() {
      return 53;
    }

    @Override
    public String id(int index) {
      return "counted/" + index;
    }

    @Override
    public int label(int index) {
      return index % 7;
    }

    @Override
    public RgbImage image(int index) {
      asked.incrementAndGet();
      byte[] pixels = new byte[3 * (5 + index) * (60 - index)];
      Arrays.fill(pixels, (byte) index);
      return new RgbImage(5 + index, 60 - index, pixels);
    }
  }

  private static void assertSame(DrawnViews cached, DrawnViews read, byte[] pixels) {
    for (int place = 0; place < BATCH; place++) {
      RgbImage image = read.image(place);
      assertThat(cached.height(place)).isEqualTo(image.height());
      assertThat(cached.width(place)).isEqualTo(image.width());
      int start = Math.toIntExact(3 * cached.start(place));
      assertThat(Arrays.copyOfRange(pixels, start, start + image.pixels().length))
          .isEqualTo(image.pixels());
      for (int view = 0; view < 2; view++) {
        assertThat(cached.draw(view, place)).isEqualTo(read.draw(view, place));
      }
    }
    ViewNumbers numbers = cached.numbers();
    assertThat(numbers.realCount()).isEqualTo(read.numbers().realCount());
    assertThat(Arrays.copyOf(numbers.real(), numbers.realCount()))
        .isEqualTo(Arrays.copyOf(read.numbers().real(), numbers.realCount()));
    assertThat(cached.cached()).isTrue();
    assertThat(read.cached()).isFalse();
  }

  /** Batches of cached images are those that bring their pixels, and ask for none. */
  @Test
  void cachedBatchesAreThoseThatAreRead() {
    Counted set = new Counted();
    int[] some = IntStream.range(0, set.size()).filter(index -> index % 5 != 2).toArray();
    for (ImageSet images : List.of(set, new ImageSubset(set, some))) {
      ByteArrayOutputStream pixels = new ByteArrayOutputStream();
      CachedImages cached =
          CachedImages.read(
              images, all -> all.forEachRemaining(i -> pixels.writeBytes(i.pixels())), () -> false);
      assertThat(pixels.size()).isEqualTo(3 * Arrays.stream(images.areas()).sum());
      for (int epoch = 1; epoch <= 3; epoch++) {
        LoaderSpec spec = new LoaderSpec(2, BATCH, 77, epoch);
        try (ViewLoader reading = ViewLoader.drawing(images, AUGMENT, spec, epoch, epoch % 2);
            ViewLoader ours = ViewLoader.drawing(cached, AUGMENT, spec, epoch, epoch % 2)) {
          while (reading.hasNext()) {
            try (ImageBatch batch = ours.next();
                ImageBatch read = reading.next()) {
              for (int place = 0; place < BATCH; place++) {
                assertThat(batch.index(place)).isEqualTo(read.index(place));
                assertThat(ours.label(batch.index(place)))
                    .isEqualTo(images.label(batch.index(place)));
              }
              assertSame(
                  batch.drawn().orElseThrow(), read.drawn().orElseThrow(), pixels.toByteArray());
            }
          }
          assertThat(ours.hasNext()).isFalse();
        }
      }
      int asked = set.asked.get();
      try (ViewLoader ours =
          ViewLoader.drawing(cached, AUGMENT, new LoaderSpec(2, BATCH, 77, 3), 4, 0)) {
        ours.next().close();
        ours.next().close();
      }
      assertThat(set.asked).hasValue(asked);
    }
  }

  @Test
  void anImageThatCannotBeCachedIsNamed() {
    ImageSet broken =
        new ImageSubset(
            new Counted() {
              @Override
              public RgbImage image(int index) {
                if (index == 4) {
                  throw new IllegalStateException("a hole");
                }
                return super.image(index);
              }
            },
            new int[] {1, 4, 5});
    assertThatThrownBy(
            () -> CachedImages.read(broken, all -> all.forEachRemaining(image -> {}), () -> false))
        .isInstanceOf(LoaderException.class)
        .hasMessage("Cannot load image: expected pixels, got a hole (counted/4)");
  }

  @Test
  void aCacheMustTakeAll() {
    assertThatThrownBy(() -> CachedImages.read(new Counted(), Iterator::next, () -> false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot cache images: expected all 53 to be taken, got 1");
  }
}
