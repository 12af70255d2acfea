package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.DrawnViews;
import simsiam.model.augment.Specs;
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
            assertThat(drawn.images()[i].pixels()).isEqualTo(image.pixels());
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
}
