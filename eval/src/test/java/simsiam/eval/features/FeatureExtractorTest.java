package simsiam.eval.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.augment.Normalization;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;

class FeatureExtractorTest {
  private static final Normalization BYTES =
      new Normalization(List.of(0.0, 0.0, 0.0), List.of(1 / 255.0, 1 / 255.0, 1 / 255.0));

  @Test
  void encodesEveryImageInOrderWithAPartialLastBatch() {
    List<Integer> batches = new ArrayList<>();
    List<Integer> progress = new ArrayList<>();
    FirstPixels net = new FirstPixels(batches);
    ImageSet images = new Numbered(11, 2);

    FeatureSet set =
        new FeatureExtractor(net, image -> image, BYTES, 2, 4)
            .extract(images, List.of("even", "odd"), progress::add);

    assertThat(batches).containsExactly(4, 4, 3);
    assertThat(progress).containsExactly(4, 8, 11);
    assertThat(set.size()).isEqualTo(11);
    assertThat(set.dim()).isEqualTo(net.spec().encoder().featureDim());
    for (int i = 0; i < 11; i++) {
      assertThat(set.features()[i * set.dim()]).isEqualTo(i);
      assertThat(set.labels()[i]).isEqualTo(i % 2);
      assertThat(set.ids().get(i)).isEqualTo("image" + i);
    }
  }

  @Test
  void appliesTheTransform() {
    FeatureSet set =
        new FeatureExtractor(
                new FirstPixels(new ArrayList<>()),
                image -> new RgbImage(1, 1, new byte[] {(byte) (image.pixels()[0] + 50), 0, 0}),
                BYTES,
                1,
                4)
            .extract(new Numbered(2, 2), List.of("even", "odd"), done -> {});
    assertThat(set.features()[0]).isEqualTo(50);
    assertThat(set.features()[set.dim()]).isEqualTo(51);
  }

  @Test
  void refusesImagesOfAnotherSize() {
    FeatureExtractor extractor =
        new FeatureExtractor(new FirstPixels(new ArrayList<>()), image -> image, BYTES, 4, 4);
    assertThatThrownBy(() -> extractor.extract(new Numbered(1, 2), List.of("a"), done -> {}))
        .hasMessage("Cannot encode an image: expected 4x4 pixels, got 2x2 (image0)");
  }

  /** Image i is a square of value i. */
  private record Numbered(int size, int side) implements ImageSet {
    @Override
    public String id(int index) {
      return "image" + index;
    }

    @Override
    public int label(int index) {
      return index % 2;
    }

    @Override
    public RgbImage image(int index) {
      byte[] pixels = new byte[side * side * 3];
      java.util.Arrays.fill(pixels, (byte) index);
      return new RgbImage(side, side, pixels);
    }
  }
}
